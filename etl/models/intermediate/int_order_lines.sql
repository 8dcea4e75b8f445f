-- Order lines with their order's buyer, market and delivery. One row per order
-- line.
with

order_items as (

    select * from staging.int_order_items

),

orders as (

    select * from staging.int_orders

),

deliveries as (

    select * from staging.int_order_deliveries

),

order_item_ids as (

    select * from staging.int_ids where entity = 'order_items'

),

order_ids as (

    select * from staging.int_ids where entity = 'orders'

),

rates as (

    select * from staging.exchange_rates

),

day_rates as (

    select * from staging.daily_rates

),

run as (

    select * from staging.run

),

numbered as (

    select
        order_items.* exclude (order_item_id, order_id),
        coalesce(order_item_ids.id, order_items.order_item_id)
            as order_item_id,
        order_items.order_item_id as source_order_item_id,
        case
            when order_ids.source_id is null
                then ltrim(order_items.order_id, '#')
            else order_ids.id
        end as order_id,
    from order_items
    left join order_item_ids
        on order_items.source_system = order_item_ids.source_system
        and order_items.order_item_id = order_item_ids.source_id
    left join order_ids
        on order_items.source_system = order_ids.source_system
        and order_items.order_id = order_ids.source_id

),

joined as (

    select
        numbered.order_item_id,
        numbered.source_order_item_id,
        numbered.order_id,
        numbered.source_system,
        numbered.product_id,
        numbered.product_name,
        numbered.brand,
        coalesce(numbered.variant, 'unknown') as variant,
        coalesce(numbered.lot, 'unknown') as lot,
        coalesce(numbered.warehouse, deliveries.warehouse, 'unknown')
            as warehouse,
        coalesce(deliveries.carrier, 'unknown') as carrier,
        coalesce(orders.market, 'unknown') as market,
        coalesce(orders.sales_channel, 'unknown') as sales_channel,
        orders.customer_id,
        greatest(numbered.quantity, 0) as quantity,
        (
            (
                greatest(numbered.quantity, 0) * numbered.unit_price
                - coalesce(numbered.discount_amount, 0)
            )
            * case
                when numbered.currency is null and orders.order_id is null
                    then 1
                when numbered.currency is null then orders.exchange_rate
                when numbered.currency = run.reporting_currency then 1
                else coalesce(day_rates.rate, rates.rate)::double
            end
        )::decimal(18, 4) as line_amount_reporting,
        orders.ordered_at,
        orders.ordered_at_local,
        orders.ordered_date,
        coalesce(orders.is_cancelled, false) as is_cancelled,
        coalesce(deliveries.delivery_basis, 'none') as delivery_basis,
        deliveries.delivered_at,
        deliveries.delivered_at_local,
        deliveries.delivered_date,
        run.returns_complete_to_date,
        run.orders_complete_to_date,
    from numbered
    cross join run
    left join orders on numbered.order_id = orders.order_id
    left join deliveries on orders.order_id = deliveries.order_id
    left join rates on numbered.currency = rates.currency
    left join day_rates
        on numbered.currency = day_rates.currency
        and orders.ordered_date = day_rates.date

),

judged as (

    select
        *,
        delivered_date is not null and not is_cancelled as is_delivered,
        -- The last day is in the window, and the day of a watermark is not over.
        case
            when delivered_date is not null and not is_cancelled
                then least(
                    case
                        when returns_complete_to_date is not null
                            then returns_complete_to_date - delivered_date - 1
                        else -1
                    end,
                    orders_complete_to_date - delivered_date - 1
                )
            else -1
        end as days_over,
    from joined

),

final as (

    select
        *,
        days_over >= 14 as is_matured_14d,
        days_over >= 30 as is_matured_30d,
        days_over >= 60 as is_matured_60d,
        days_over >= 90 as is_matured_90d,
    from judged

)

select * from final
