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

parts as (

    select
        file_id,
        order_name,
        count(*) as line_count,
        bool_or(has_order_cells) as has_order_cells,
    from source
    group by file_id, order_name

),

-- A part with the order's cells begins a new version of the order; one without
-- them goes on where the file before stopped.
versions as (

    select
        *,
        greatest(1, sum(has_order_cells::integer) over (
            partition by order_name
            order by file_id
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
            order by has_order_cells desc, file_id
            rows between unbounded preceding and 1 preceding
        ), 0) as lines_before,
    from versions

),

renamed as (

    select
        -- ids
        lines.order_name
            || ':' || (placed.lines_before + lines.line_in_file)::bigint
            as order_item_id,
        nullif(trim(lines.name), '') as order_id,
        coalesce(
            nullif(trim(lines.lineitem_sku), ''),
            lines.lineitem_name
        ) as product_id,

        -- text
        lines.lineitem_name as product_name,
        nullif(regexp_extract(lines.lineitem_name, '.* - (.+)$', 1), '')
            as variant,
        lines.vendor as brand,
        null::varchar as lot,
        null::varchar as warehouse,
        null::varchar as currency,

        -- numerics
        lines.lineitem_quantity as quantity,
        lines.lineitem_price as unit_price,
        lines.lineitem_discount as discount_amount,

        -- timestamps
        null::varchar as updated_at,

        lines.file_id as _file_id,
        lines.row_no as _row_no,
        'UTC' as _time_zone,
    from lines
    inner join placed
        on lines.file_id = placed.file_id
        and lines.order_name = placed.order_name
    where placed.is_latest_version

)

select * from renamed
