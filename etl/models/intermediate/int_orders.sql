-- Orders with the ids, words and amounts all marts share. One row per order.
with

orders as (

    select * from staging.orders

),

order_items as (

    select * from staging.order_items

),

persons as (

    select * from staging.int_persons

),

channels as (

    select * from staging.int_channels where kind = 'sales'

),

rates as (

    select * from staging.exchange_rates

),

run as (

    select * from staging.run

),

line_totals as (

    select
        source_system,
        order_id,
        count(*) as item_count,
        sum(greatest(quantity, 0)) as unit_count,
        sum(
            greatest(quantity, 0) * unit_price - coalesce(discount_amount, 0)
        ) as line_total,
        min(product_id) as first_product_id,
        max(product_id) as last_product_id,
    from order_items
    group by source_system, order_id

),

-- Customers and carriers write #1001 and 1001 for one order. When two orders
-- share a number, the later by system keeps its system's name before it.
repeated_keys as (

    select
        ltrim(order_id, '#') as order_key,
        min((source_system, order_id)) as first_of_key,
    from orders
    group by order_key
    having count(*) > 1

),

numbered as (

    select
        orders.*,
        ltrim(orders.order_id, '#') as order_key,
        coalesce(
            (orders.source_system, orders.order_id)
            <> repeated_keys.first_of_key,
            false
        ) as is_repeated,
    from orders
    left join repeated_keys
        on ltrim(orders.order_id, '#') = repeated_keys.order_key

),

worded as (

    select
        numbered.source_system,
        numbered.order_id as source_order_id,
        case
            when numbered.is_repeated
                then numbered.source_system || '/' || numbered.order_id
            else numbered.order_key
        end as order_id,
        coalesce(channels.channel, 'unknown') as sales_channel,
        coalesce(numbered.market, 'unknown') as market,
        coalesce(persons.customer_id, numbered.customer_ref) as customer_id,
        numbered.currency,
        coalesce(numbered.total_amount, line_totals.line_total)::decimal(18, 4)
            as total_amount,
        numbered.refunded_amount,
        numbered.status,
        coalesce(
            numbered.cancelled_at is not null
            or lower(numbered.status) in (
                'cancelled', 'canceled', 'voided', 'void', 'unavailable',
                'expired', '已取消'
            ),
            false
        ) as is_cancelled,
        coalesce(numbered.is_exchange, false) as is_exchange,
        numbered.ordered_at,
        numbered.ordered_at_local,
        numbered.ordered_at_date as ordered_date,
        numbered.shipped_at,
        numbered.shipped_at_local,
        numbered.delivered_at,
        numbered.delivered_at_local,
        numbered.delivered_at_date as delivered_date,
        numbered.promised_delivery_date,
        coalesce(line_totals.unit_count, 0)::bigint as unit_count,
        coalesce(line_totals.item_count, 0)::bigint as item_count,
        case
            when line_totals.first_product_id = line_totals.last_product_id
                then line_totals.first_product_id
        end as only_product_id,
        -- An amount without a currency is taken as the reporting currency; one
        -- whose rate nobody gave has no amount in it.
        case
            when coalesce(numbered.currency, run.reporting_currency)
                = run.reporting_currency then 1
            else rates.rate
        end::double as exchange_rate,
    from numbered
    cross join run
    left join line_totals
        on numbered.source_system = line_totals.source_system
        and numbered.order_id = line_totals.order_id
    left join persons
        on numbered.source_system = persons.source_system
        and numbered.customer_ref = persons.customer_ref
    left join channels
        on numbered.source_system = channels.source_system
        and numbered.sales_channel = channels.channel_raw
    left join rates on numbered.currency = rates.currency

),

final as (

    select
        *,
        (total_amount * exchange_rate)::decimal(18, 4)
            as total_amount_reporting,
        (refunded_amount * exchange_rate)::decimal(18, 4)
            as refunded_amount_reporting,
        -- An order whose amount no export tells is not known to be free.
        not is_cancelled
        and not is_exchange
        and coalesce(total_amount > 0, true) as is_paid,
    from worded

)

select * from final
