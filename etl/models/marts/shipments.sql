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
        null::varchar as tracking_number,
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

    select * exclude (source_shipment_id) from parcels
    union all by name
    select * from order_parcels

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
            and promised_delivery_date < run.as_of_date,
            false
        ) as is_overdue,
    from together
    cross join run

),

final as (

    select
        -- ids
        shipment_id,
        source_system,
        order_id,

        -- text
        carrier,
        '…' || right(tracking_number, 4) as tracking_number_masked,
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
