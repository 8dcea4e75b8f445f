with

parcels as (

    select * from staging.int_shipments

),

orders as (

    select * from staging.int_orders

),

run as (

    select * from staging.run

),

-- Orders whose export tells delivery or promise, but no parcel is known.
order_parcels as (

    select
        orders.source_system,
        'order:' || orders.order_id as shipment_id,
        orders.order_id,
        'unknown' as carrier,
        'unknown' as origin_country,
        orders.market as destination_country,
        'unknown' as warehouse,
        false as is_return_leg,
        orders.is_cancelled as is_order_cancelled,
        case
            when orders.delivered_at is not null then 'delivered'
            when orders.shipped_at is not null then 'in_transit'
            else 'unknown'
        end as state,
        orders.shipped_at,
        orders.shipped_at_local,
        orders.delivered_at,
        orders.delivered_at_local,
        orders.delivered_date,
        orders.delivered_date as first_attempted_date,
        orders.promised_delivery_date,
        null::date as estimated_delivery_date,
        orders.delivered_at is not null as is_delivered,
        false as is_tracked,
        false as is_damaged,
    from orders
    anti join (select * from parcels where not is_return_leg) as forward
        on orders.order_id = forward.order_id
    where
        orders.delivered_at is not null
        or (
            orders.promised_delivery_date is not null
            and not orders.is_cancelled
        )

),

together as (

    select
        parcels.*,
        run.shipments_complete_to_date as complete_to_date,
    from parcels
    cross join run
    union all by name
    -- What no carrier tells comes with the orders.
    select
        order_parcels.*,
        run.orders_complete_to_date as complete_to_date,
    from order_parcels
    cross join run

),

judged as (

    select
        together.*,
        not is_return_leg
        and promised_delivery_date is not null
        and first_attempted_date is not null as has_promise_and_attempt,
        coalesce(
            not is_return_leg
            and not is_order_cancelled
            and first_attempted_date is null
            and not is_delivered
            and promised_delivery_date < complete_to_date,
            false
        ) as is_overdue,
    from together

),

final as (

    select
        -- ids
        shipment_id,
        source_system,
        order_id,

        -- text
        carrier,
        origin_country,
        destination_country,
        destination_country as market,
        origin_country || '→' || destination_country || ' · ' || carrier
            as lane,
        warehouse,
        state,

        -- numerics
        case
            when delivered_at >= shipped_at
                then epoch(delivered_at - shipped_at) / 86400.0
        end::double as transit_days,

        -- booleans
        is_return_leg,
        is_delivered,
        is_tracked,
        has_promise_and_attempt,
        has_promise_and_attempt
        and first_attempted_date <= promised_delivery_date as is_on_time,
        has_promise_and_attempt
        and first_attempted_date > promised_delivery_date as is_late,
        is_overdue,
        state = 'lost' as is_lost,
        is_damaged,

        -- timestamps
        shipped_at,
        shipped_at_local,
        delivered_at,
        delivered_at_local,
        delivered_date,
        first_attempted_date,
        promised_delivery_date,
        promised_delivery_date::timestamp as promised_delivery_at_local,
        estimated_delivery_date,
    from judged

)

select * from final
