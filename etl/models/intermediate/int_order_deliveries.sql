-- When an order had arrived, and how we know. One row per order.
with

orders as (

    select * from staging.int_orders

),

shipments as (

    select * from staging.int_shipments

),

run as (

    select * from staging.run

),

-- An order in several parcels has arrived with its last one. A label nobody
-- used, and a parcel that was lost or went back, do not hold it up when another
-- parcel arrived.
parcels as (

    select
        order_id,
        max(delivered_at) as delivered_at,
        max(delivered_at_local) as delivered_at_local,
        max(delivered_date) as delivered_date,
        count(*) filter (where
            is_tracked and not is_delivered
            and state not in (
                'lost', 'returning', 'returned_to_sender', 'expired_no_scan',
                'unknown'
            )
        ) as open_count,
        count(*) filter (where
            is_tracked and not is_delivered
            and state not in ('expired_no_scan', 'unknown')
        ) as undelivered_count,
        arg_max(
            carrier,
            (
                coalesce(shipped_at, delivered_at, '-infinity'::timestamp),
                coalesce(delivered_at, '-infinity'::timestamp),
                shipment_id
            )
        ) as carrier,
        arg_max(
            warehouse,
            (
                coalesce(shipped_at, delivered_at, '-infinity'::timestamp),
                coalesce(delivered_at, '-infinity'::timestamp),
                shipment_id
            )
        ) as warehouse,
        min(shipped_at) as shipped_at,
        min(promised_delivery_date) as promised_delivery_date,
    from shipments
    where order_id is not null and not is_return_leg
    group by order_id

),

based as (

    select
        orders.order_id,
        orders.ordered_at,
        orders.ordered_at_local,
        orders.ordered_date,
        coalesce(orders.shipped_at, parcels.shipped_at) as shipped_at,
        coalesce(
            orders.promised_delivery_date,
            parcels.promised_delivery_date
        ) as promised_delivery_date,
        coalesce(parcels.carrier, 'unknown') as carrier,
        coalesce(parcels.warehouse, 'unknown') as warehouse,
        case
            when coalesce(parcels.open_count, 0) = 0
                and parcels.delivered_date is not null
                then 'carrier'
            when coalesce(parcels.undelivered_count, 0) = 0
                and orders.delivered_date is not null
                then 'order_export'
            -- No carrier and no export tells: 7 days from the order are assumed,
            -- unless a parcel is known to be under way, lost or going back, and
            -- only as far as the orders' export tells of cancellations.
            when not orders.is_cancelled
                and coalesce(parcels.undelivered_count, 0) = 0
                and orders.ordered_at + interval 7 days
                <= run.orders_complete_to
                then 'assumed'
            else 'none'
        end as delivery_basis,
        parcels.delivered_at as carrier_delivered_at,
        parcels.delivered_at_local as carrier_delivered_at_local,
        parcels.delivered_date as carrier_delivered_date,
        orders.delivered_at as export_delivered_at,
        orders.delivered_at_local as export_delivered_at_local,
        orders.delivered_date as export_delivered_date,
    from orders
    cross join run
    left join parcels on orders.order_id = parcels.order_id

),

final as (

    select
        order_id,
        shipped_at,
        promised_delivery_date,
        carrier,
        warehouse,
        delivery_basis,
        case delivery_basis
            when 'carrier' then carrier_delivered_at
            when 'order_export' then export_delivered_at
            when 'assumed' then ordered_at + interval 7 days
        end as delivered_at,
        case delivery_basis
            when 'carrier' then carrier_delivered_at_local
            when 'order_export' then export_delivered_at_local
            when 'assumed' then ordered_at_local + interval 7 days
        end as delivered_at_local,
        case delivery_basis
            when 'carrier' then carrier_delivered_date
            when 'order_export' then export_delivered_date
            when 'assumed' then ordered_date + 7
        end as delivered_date,
    from based

)

select * from final
