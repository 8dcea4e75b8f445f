-- The order line a return is about: the one it names, else the first its units
-- came from, else the first of that product in the order. One row per return
-- that has a line.
with

returns as (

    select * from staging.int_returns

),

lines as (

    select * from staging.int_order_lines

),

allocations as (

    select * from staging.int_return_allocations

),

filled as (

    select
        return_id,
        min(order_item_id) as order_item_id,
    from allocations
    group by return_id

),

first_lines as (

    select
        order_id,
        product_id,
        min(order_item_id) as order_item_id,
    from lines
    group by order_id, product_id

),

final as (

    select
        returns.return_id,
        coalesce(
            returns.named_order_item_id,
            filled.order_item_id,
            first_lines.order_item_id
        ) as order_item_id,
    from returns
    left join filled on returns.return_id = filled.return_id
    left join first_lines
        on returns.order_id = first_lines.order_id
        and returns.product_id = first_lines.product_id
    where
        coalesce(
            returns.named_order_item_id,
            filled.order_item_id,
            first_lines.order_item_id
        ) is not null

)

select * from final
