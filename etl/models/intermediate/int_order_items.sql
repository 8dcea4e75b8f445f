-- The order lines that count: of an order that several files hold the newest
-- version's, put together where the file was cut within the order. One row per
-- order line.
with

order_items as not materialized (

    select * exclude (
        updated_at, updated_at_local, updated_at_precision, updated_at_date
    )
    from staging.order_items

),

order_parts as (

    select * from staging.order_parts

),

files as (

    select * from staging.files

),

-- Lines are numbered within their order, so that a newer file's take the place of
-- an older one's: what is left of an older file is gone from the order.
newer_orders as (

    select
        source_system,
        order_id,
    from order_items
    where line_count is not null
    group by source_system, order_id
    having min(_file_id) <> max(_file_id)

),

contested as (

    select * from newer_orders
    union
    select
        source_system,
        order_id,
    from order_parts

),

contested_lines as (

    select order_items.*
    from order_items
    semi join contested
        on order_items.source_system = contested.source_system
        and order_items.order_id = contested.order_id
    where order_items.line_count is not null

),

-- What each file holds of an order: all of it, or a part.
pieces as (

    select
        source_system,
        order_id,
        _file_id,
        line_count,
        is_continued,
        is_at_file_end,
        lots,
    from order_parts
    union all
    select
        source_system,
        order_id,
        _file_id,
        max(line_count) as line_count,
        false as is_continued,
        false as is_at_file_end,
        null::varchar as lots,
    from contested_lines
    where part_id is null
    group by source_system, order_id, _file_id

),

placed as (

    select
        pieces.*,
        row_number() over by_file as position,
        not pieces.is_continued
        or not coalesce(lag(pieces.is_at_file_end) over by_file, false)
            as is_beginning,
    from pieces
    left join files on pieces._file_id = files.file_id
    window by_file as (
        partition by pieces.source_system, pieces.order_id
        order by files.modified_at, files.path
    )

),

-- A version begins with the order's own cells and goes on in the next file as
-- long as a file ends within it.
versioned as (

    select
        *,
        count(*) filter (where is_beginning) over (
            partition by source_system, order_id
            order by position
        ) as version,
    from placed

),

judged as (

    select
        *,
        coalesce(
            max(version) filter (where not is_continued) over by_order,
            max(version) over by_order
        ) as newest_version,
        count(*) filter (where not is_continued) over by_order as head_count,
        count(*) over (partition by source_system, order_id, version)
            as piece_count,
    from versioned
    window by_order as (partition by source_system, order_id)

),

-- The files' times may be those of a copy, the first file's the newest: where an
-- order's only beginning ends its file and nothing follows, what came before goes
-- on with it.
kept as (

    select
        *,
        bool_or(
            version = newest_version
            and head_count = 1
            and piece_count = 1
            and is_at_file_end
        ) over (partition by source_system, order_id) as is_before_its_time,
    from judged
    qualify version = newest_version or is_before_its_time

),

numbered as (

    select
        *,
        coalesce(sum(line_count) over (
            partition by source_system, order_id
            order by is_continued, position
            rows between unbounded preceding and 1 preceding
        ), 0)::bigint as lines_before,
    from kept

),

-- The order's note stands with its first lines and tells of all.
notes as (

    select
        numbered.source_system,
        numbered.order_id,
        max(contested_lines.warehouse) as warehouse,
        max(numbered.lots)::json::map(varchar, varchar) as lots,
    from numbered
    inner join contested_lines
        on numbered.source_system = contested_lines.source_system
        and numbered.order_id = contested_lines.order_id
        and numbered._file_id = contested_lines._file_id
    where not numbered.is_continued
    group by numbered.source_system, numbered.order_id

),

renumbered as (

    select
        contested_lines.* replace (
            contested_lines.order_id || ':'
            || (numbered.lines_before + contested_lines.line_number)
                as order_item_id,
            coalesce(contested_lines.lot, notes.lots[contested_lines.product_id])
                as lot,
            coalesce(contested_lines.warehouse, notes.warehouse) as warehouse
        ),
    from contested_lines
    inner join numbered
        on contested_lines.source_system = numbered.source_system
        and contested_lines.order_id = numbered.order_id
        and contested_lines._file_id = numbered._file_id
    left join notes
        on contested_lines.source_system = notes.source_system
        and contested_lines.order_id = notes.order_id

),

final as (

    select order_items.* exclude (line_number, line_count, part_id)
    from order_items
    anti join contested_lines
        on order_items.source_system = contested_lines.source_system
        and order_items.order_item_id = contested_lines.order_item_id
    union all
    select * exclude (line_number, line_count, part_id)
    from renumbered

)

select * from final
