with

returns as (

    select * from staging.int_returns

),

return_lines as (

    select * from staging.int_return_lines

),

lines as (

    select * from staging.int_order_lines

),

orders as (

    select * from staging.int_orders

),

order_deliveries as (

    select * from staging.int_order_deliveries

),

run as (

    select * from staging.run

),

-- A customer's paid orders by moment; orders of one moment share a row, so that
-- "another order" can be told without looking at each pair.
purchases as (

    select
        customer_id,
        ordered_at,
        min(order_id) as first_order_id,
        max(order_id) as last_order_id,
    from orders
    where is_paid and customer_id is not null
    group by customer_id, ordered_at

),

purchases_in_order as (

    select
        *,
        lead(ordered_at) over (
            partition by customer_id
            order by ordered_at
        ) as following_ordered_at,
    from purchases

),

returners as (

    select
        return_id,
        customer_id,
        order_id,
        -- Of a return known by its day only, purchases of that day may have
        -- come before it: they don't count.
        case returned_at_precision
            when 'date' then returned_at + interval 1 day - interval 1 microsecond
            else returned_at
        end as after_at,
    from returns
    where customer_id is not null

),

repurchases as (

    select
        returners.return_id,
        case
            when purchases_in_order.first_order_id
                is not distinct from returners.order_id
                and purchases_in_order.last_order_id
                is not distinct from returners.order_id
                then purchases_in_order.following_ordered_at
            else purchases_in_order.ordered_at
        end as repurchased_at,
    from returners
    asof inner join purchases_in_order
        on returners.customer_id = purchases_in_order.customer_id
        and returners.after_at < purchases_in_order.ordered_at

),

joined as (

    select
        returns.*,
        return_lines.order_item_id,
        coalesce(returns.product_id, lines.product_id, 'unknown')
            as found_product_id,
        coalesce(lines.variant, 'unknown') as variant,
        coalesce(returns.lot, lines.lot, 'unknown') as found_lot,
        coalesce(lines.carrier, order_deliveries.carrier, 'unknown') as carrier,
        coalesce(returns.warehouse, lines.warehouse, 'unknown')
            as found_warehouse,
        coalesce(lines.delivered_date, order_deliveries.delivered_date)
            as delivered_date,
        repurchases.repurchased_at,
        run.as_of,
    from returns
    cross join run
    left join return_lines on returns.return_id = return_lines.return_id
    left join lines on return_lines.order_item_id = lines.order_item_id
    left join order_deliveries on returns.order_id = order_deliveries.order_id
    left join repurchases on returns.return_id = repurchases.return_id

),

final as (

    select
        -- ids
        return_id,
        source_system,
        order_id,
        order_item_id,
        found_product_id as product_id,
        customer_id,

        -- text
        variant,
        found_lot as lot,
        reason,
        reason_raw,
        reason_group,
        comment,
        resolution,
        disposition,
        market,
        sales_channel,
        carrier,
        found_warehouse as warehouse,

        -- numerics
        quantity,
        refund_amount_reporting,
        returned_date - delivered_date as lag_days,

        -- booleans
        is_completed,
        resolution = 'exchange' as is_exchange,
        is_product_complaint,
        is_quality_complaint,
        is_completed and customer_id is not null
        and returned_at + interval 30 days <= as_of as is_matured_30d,
        is_completed and customer_id is not null
        and returned_at + interval 60 days <= as_of as is_matured_60d,
        is_completed and customer_id is not null
        and returned_at + interval 90 days <= as_of as is_matured_90d,
        -- Null, not false, where nobody knows the customer.
        case when customer_id is not null then
            coalesce(repurchased_at <= returned_at + interval 30 days, false)
        end as is_repurchased_30d,
        case when customer_id is not null then
            coalesce(repurchased_at <= returned_at + interval 60 days, false)
        end as is_repurchased_60d,
        case when customer_id is not null then
            coalesce(repurchased_at <= returned_at + interval 90 days, false)
        end as is_repurchased_90d,

        -- timestamps
        requested_at,
        returned_at,
        returned_at_local,
        returned_date,
        delivered_date,
    from joined

)

select * from final
