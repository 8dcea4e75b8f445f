-- Order lines with their order's buyer, market and delivery. One row per order
-- line.
with

order_items as (

    select * from staging.order_items

),

orders as (

    select * from staging.int_orders

),

deliveries as (

    select * from staging.int_order_deliveries

),

rates as (

    select * from staging.exchange_rates

),

run as (

    select * from staging.run

),

-- When two systems use one number, the second keeps its system's name before
-- it. With one system, the usual case, there is nothing to look at.
later_rows as (

    select
        source_system,
        order_item_id,
    from order_items
    where source_system > (select min(source_system) from order_items)

),

repeated as (

    select distinct
        later_rows.source_system,
        later_rows.order_item_id,
    from later_rows
    inner join order_items as earlier
        on later_rows.order_item_id = earlier.order_item_id
        and earlier.source_system < later_rows.source_system

),

numbered as (

    select
        order_items.*,
        repeated.order_item_id is not null as is_repeated,
    from order_items
    left join repeated
        on order_items.source_system = repeated.source_system
        and order_items.order_item_id = repeated.order_item_id

),

joined as (

    select
        case
            when numbered.is_repeated
                then numbered.source_system || '/' || numbered.order_item_id
            else numbered.order_item_id
        end as order_item_id,
        numbered.order_item_id as source_order_item_id,
        coalesce(orders.order_id, ltrim(numbered.order_id, '#')) as order_id,
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
                else rates.rate::double
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
        run.as_of_date,
    from numbered
    cross join run
    left join orders
        on numbered.source_system = orders.source_system
        and numbered.order_id = orders.source_order_id
    left join deliveries on orders.order_id = deliveries.order_id
    left join rates on numbered.currency = rates.currency

),

final as (

    select
        *,
        delivered_date is not null and not is_cancelled as is_delivered,
        coalesce(
            delivered_date + 30 <= as_of_date and not is_cancelled,
            false
        ) as is_matured_30d,
    from joined

)

select * from final
