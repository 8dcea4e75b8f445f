with

orders as (

    select * from staging.int_orders

),

deliveries as (

    select * from staging.int_order_deliveries

),

final as (

    select
        -- ids
        orders.order_id,
        orders.source_system,
        orders.customer_id,

        -- text
        orders.sales_channel,
        orders.market,
        orders.currency,
        orders.status,

        -- numerics
        orders.total_amount,
        orders.total_amount_reporting,
        orders.refunded_amount_reporting,
        orders.unit_count,

        -- booleans
        orders.is_cancelled,
        orders.is_exchange,
        orders.is_paid,

        -- timestamps
        orders.ordered_at,
        orders.ordered_at_local,
        orders.ordered_date,
        deliveries.shipped_at,
        -- An assumed day is for rates only: an order's own day must be known.
        case
            when deliveries.delivery_basis in ('carrier', 'order_export')
                then deliveries.delivered_at
        end as delivered_at,
        case
            when deliveries.delivery_basis in ('carrier', 'order_export')
                then deliveries.delivered_date
        end as delivered_date,
        deliveries.promised_delivery_date,
    from orders
    inner join deliveries on orders.order_id = deliveries.order_id

)

select * from final
