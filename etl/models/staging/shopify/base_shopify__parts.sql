-- Orders of which a file may hold only a part: its last one, and those whose own
-- cells it lacks. One row per file and order, a few per file.
with

source as (

    select
        file_id,
        row_no,
        trim(name) as order_name,
        nullif(trim(created_at), '') is not null as has_order_cells,
    from raw.shopify__orders
    where nullif(trim(name), '') is not null

),

last_orders as (

    select
        file_id,
        arg_max(order_name, row_no) as order_name,
    from source
    group by file_id

),

orders as (

    select
        file_id,
        order_name,
    from source
    where has_order_cells

),

-- Their file begins in the middle of them.
headless_orders as (

    select
        source.file_id,
        source.order_name,
    from source
    anti join orders
        on source.file_id = orders.file_id
        and source.order_name = orders.order_name
    where not source.has_order_cells

),

named as (

    select * from last_orders
    union
    select * from headless_orders

),

parts as (

    select
        source.file_id,
        source.order_name,
        source.order_name || ' in file ' || source.file_id as part_id,
        min(source.row_no) as row_no,
        count(*) as line_count,
        not bool_or(source.has_order_cells) as is_continued,
    from source
    semi join named
        on source.file_id = named.file_id
        and source.order_name = named.order_name
    group by source.file_id, source.order_name

),

final as (

    select
        parts.*,
        last_orders.order_name is not null as is_at_file_end,
    from parts
    left join last_orders
        on parts.file_id = last_orders.file_id
        and parts.order_name = last_orders.order_name

)

select * from final
