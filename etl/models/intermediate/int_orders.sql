-- Orders with the ids, words and amounts all marts share. One row per order.
with

orders as (

    select * from staging.orders

),

order_items as (

    select * from staging.int_order_items

),

order_ids as (

    select * from staging.int_ids where entity = 'orders'

),

person_ids as (

    select * from staging.int_ids where entity = 'persons'

),

channels as (

    select * from staging.int_channels where kind = 'sales'

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
        orders.*,
        case
            when order_ids.source_id is null then ltrim(orders.order_id, '#')
            else order_ids.id
        end as own_id,
    from orders
    left join order_ids
        on orders.source_system = order_ids.source_system
        and orders.order_id = order_ids.source_id

),

line_totals as (

    select
        case
            when order_ids.source_id is null
                then ltrim(order_items.order_id, '#')
            else order_ids.id
        end as own_id,
        sum(greatest(order_items.quantity, 0)) as unit_count,
        sum(
            greatest(order_items.quantity, 0) * order_items.unit_price
            - coalesce(order_items.discount_amount, 0)
        ) as line_total,
        min(order_items.product_id) as first_product_id,
        max(order_items.product_id) as last_product_id,
    from order_items
    left join order_ids
        on order_items.source_system = order_ids.source_system
        and order_items.order_id = order_ids.source_id
    group by own_id

),

worded as (

    select
        numbered.source_system,
        numbered.own_id as order_id,
        coalesce(channels.channel, 'unknown') as sales_channel,
        coalesce(numbered.market, 'unknown') as market,
        coalesce(person_ids.id, numbered.customer_ref) as customer_id,
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
        -- A closed list, so that the word of an unknown payment state loses no
        -- sale. A part paid, or paid and refunded since, was bought.
        numbered.paid_at is null
        and coalesce(
            replace(lower(numbered.status), ' ', '_') in (
                'pending', 'unpaid', 'authorized', 'authorised', 'voided',
                'payment_pending', 'pending_payment', 'awaiting_payment',
                '待付款', '未付款', '待支付', '未支付'
            ),
            false
        ) as is_unpaid,
        coalesce(numbered.is_exchange, false) as is_exchange,
        numbered.ordered_at,
        numbered.ordered_at_local,
        numbered.ordered_at_precision,
        numbered.ordered_at_date as ordered_date,
        numbered.shipped_at,
        numbered.shipped_at_local,
        numbered.delivered_at,
        numbered.delivered_at_local,
        numbered.delivered_at_date as delivered_date,
        numbered.promised_delivery_date,
        coalesce(line_totals.unit_count, 0)::bigint as unit_count,
        case
            when line_totals.first_product_id = line_totals.last_product_id
                then line_totals.first_product_id
        end as only_product_id,
        -- An amount without a currency is taken as the reporting currency; one
        -- whose rate nobody gave has no amount in it.
        case
            when coalesce(numbered.currency, run.reporting_currency)
                = run.reporting_currency then 1
            else coalesce(day_rates.rate, rates.rate)
        end::double as exchange_rate,
    from numbered
    cross join run
    left join line_totals on numbered.own_id = line_totals.own_id
    left join person_ids
        on numbered.source_system = person_ids.source_system
        and numbered.customer_ref = person_ids.source_id
    left join channels
        on numbered.source_system = channels.source_system
        and numbered.sales_channel = channels.channel_raw
    left join rates on numbered.currency = rates.currency
    left join day_rates
        on numbered.currency = day_rates.currency
        and numbered.ordered_at_date = day_rates.date

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
        and not is_unpaid
        and coalesce(total_amount > 0, true) as is_paid,
    from worded

)

select * from final
