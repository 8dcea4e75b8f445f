with

lines as (

    select * from staging.int_order_lines

),

allocations as (

    select * from staging.int_return_allocations

),

returns as (

    select * from main.returns

),

tickets as (

    select * from main.tickets

),

returned as (

    select
        allocations.order_item_id,
        sum(allocations.units) as returned_units,
        sum(allocations.units) filter (
            where returns.returned_date <= lines.delivered_date + 30
        ) as returned_units_30d,
    from allocations
    inner join returns on allocations.return_id = returns.return_id
    inner join lines on allocations.order_item_id = lines.order_item_id
    group by allocations.order_item_id

),

return_flags as (

    select distinct order_item_id
    from returns
    where
        is_completed
        and is_product_complaint
        and order_item_id is not null

),

ticket_flags as (

    select distinct
        order_id,
        product_id,
    from tickets
    where is_product_complaint and order_id is not null

),

final as (

    select
        -- ids
        lines.order_item_id,
        lines.order_id,
        lines.source_system,
        lines.product_id,
        lines.customer_id,

        -- text
        lines.variant,
        lines.lot,
        lines.warehouse,
        lines.carrier,
        lines.market,
        lines.sales_channel,
        lines.delivery_basis,
        lines.product_name as sold_as,
        lines.brand as sold_brand,

        -- numerics
        lines.quantity,
        lines.line_amount_reporting,
        case when lines.is_delivered then lines.quantity else 0 end
            as delivered_units,
        case
            when lines.is_delivered and lines.is_matured_30d
                then lines.quantity
            else 0
        end as matured_units_30d,
        coalesce(returned.returned_units, 0)::bigint as returned_units,
        coalesce(returned.returned_units_30d, 0)::bigint as returned_units_30d,

        -- booleans
        lines.is_cancelled,
        lines.is_delivered,
        lines.is_matured_30d,
        return_flags.order_item_id is not null
        or ticket_flags.order_id is not null as has_product_complaint,

        -- timestamps
        lines.ordered_at,
        lines.ordered_at_local,
        lines.delivered_at,
        lines.delivered_at_local,
        lines.delivered_date,
    from lines
    left join returned on lines.order_item_id = returned.order_item_id
    left join return_flags on lines.order_item_id = return_flags.order_item_id
    left join ticket_flags
        on lines.order_id = ticket_flags.order_id
        and lines.product_id = ticket_flags.product_id

)

select * from final
