with

source as (

    select
        *,
        coalesce(nullif(trim(name), ''), 'row ' || row_no) as order_name,
        nullif(trim(created_at), '') is not null as has_order_cells,
    from raw.shopify__orders

),

lines as (

    select
        *,
        row_number() over (
            partition by file_id, order_name
            order by row_no
        ) as line_in_file,
    from source

),

-- Newer files win, as they do for the orders themselves.
files as (

    select
        file_id,
        row_number() over (order by min(modified_at), file_id) as file_order,
    from raw.files
    group by file_id

),

parts as (

    select
        source.file_id,
        source.order_name,
        any_value(files.file_order) as file_order,
        count(*) as line_count,
        bool_or(source.has_order_cells) as has_order_cells,
    from source
    inner join files on source.file_id = files.file_id
    group by source.file_id, source.order_name

),

-- A part with the order's cells begins a new version of the order; one without
-- them goes on where the file before stopped.
versions as (

    select
        *,
        greatest(1, sum(has_order_cells::integer) over (
            partition by order_name
            order by file_order
        )) as version,
    from parts

),

placed as (

    select
        file_id,
        order_name,
        version = max(version) over (partition by order_name)
            as is_latest_version,
        coalesce(sum(line_count) over (
            partition by order_name, version
            order by has_order_cells desc, file_order
            rows between unbounded preceding and 1 preceding
        ), 0) as lines_before,
    from versions

),

kept as (

    select
        lines.*,
        (placed.lines_before + lines.line_in_file)::bigint as line_number,
        coalesce(
            nullif(trim(lines.lineitem_sku), ''),
            lines.lineitem_name
        ) as product_id,
    from lines
    inner join placed
        on lines.file_id = placed.file_id
        and lines.order_name = placed.order_name
    where placed.is_latest_version

),

-- What a packing app leaves on the order: `warehouse: NAME`, `lot SKU: LOT`.
notes as (

    select
        order_name,
        regexp_extract(
            unnest(string_split_regex(note_attributes, '[\r\n]+')),
            '^\s*([^\s:]+)(?:\s+(.+?))?\s*:\s+(.*?)\s*$',
            ['word', 'product_id', 'value']
        ) as note,
    from kept
    where note_attributes is not null

),

-- Two lots of one product in an order: nobody knows which line has which.
told as (

    select
        order_name,
        lower(note.word) as word,
        note.product_id,
        case
            when min(note.value) = max(note.value) then min(note.value)
        end as value,
    from notes
    where note.value <> ''
    group by order_name, lower(note.word), note.product_id

),

renamed as (

    select
        -- ids
        kept.order_name || ':' || kept.line_number as order_item_id,
        nullif(trim(kept.name), '') as order_id,
        kept.product_id,

        -- text
        kept.lineitem_name as product_name,
        nullif(regexp_extract(kept.lineitem_name, '.* - (.+)$', 1), '')
            as variant,
        kept.vendor as brand,
        lots.value as lot,
        warehouses.value as warehouse,
        null::varchar as currency,

        -- numerics
        kept.lineitem_quantity as quantity,
        kept.lineitem_price as unit_price,
        kept.lineitem_discount as discount_amount,

        -- timestamps
        null::varchar as updated_at,

        kept.file_id as _file_id,
        kept.row_no as _row_no,
        'UTC' as _time_zone,
    from kept
    left join told as lots
        on kept.order_name = lots.order_name
        and lots.word = 'lot'
        and kept.product_id = lots.product_id
    left join told as warehouses
        on kept.order_name = warehouses.order_name
        and warehouses.word = 'warehouse'
        and warehouses.product_id = ''

)

select * from renamed
