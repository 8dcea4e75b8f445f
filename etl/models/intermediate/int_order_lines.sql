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

numbered as (

    select
        *,
        row_number() over (
            partition by order_item_id
            order by source_system
        ) as id_rank,
    from order_items

),

joined as (

    select
        case
            when numbered.id_rank = 1 then numbered.order_item_id
            else numbered.source_system || '/' || numbered.order_item_id
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
