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
        'untracked' as tracking,
        null::varchar as first_attempt,
        null::varchar as delay_cause,
        orders.ordered_at,
        orders.ordered_at_local,
        orders.ordered_date,
        orders.shipped_at,
        orders.shipped_at_local,
        orders.shipped_at_local::date as shipped_date,
        orders.delivered_at,
        orders.delivered_at_local,
        orders.delivered_date,
        orders.delivered_date as first_attempted_date,
        orders.promised_delivery_date,
        null::date as estimated_delivery_date,
        null::timestamp as latest_scan_at,
        null::timestamp as latest_scan_at_local,
        null::double as customs_hours,
        null::timestamp as customs_in_at,
        orders.delivered_at is not null as is_delivered,
        false as is_tracked,
        false as is_damaged,
        false as is_in_customs,
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
        *,
        not is_return_leg
        and promised_delivery_date is not null
        and first_attempted_date is not null as has_promise_and_attempt,
        not is_return_leg
        and estimated_delivery_date is not null
        and first_attempted_date is not null as has_estimate_and_attempt,
        coalesce(
            not is_return_leg
            and not is_order_cancelled
            and first_attempted_date is null
            and not is_delivered
            and promised_delivery_date < complete_to_date,
            false
        ) as is_overdue,
        coalesce(
            not is_return_leg
            and not is_order_cancelled
            and not is_delivered
            and (is_tracked or shipped_at is not null)
            and state not in ('lost', 'returning', 'returned_to_sender'),
            false
        ) as is_under_way,
        -- A day without a time is its midnight in both columns; of such a time
        -- whole days are counted.
        ordered_at = ordered_at_local
        and ordered_at = date_trunc('day', ordered_at) as is_ordered_day,
        shipped_at = shipped_at_local
        and shipped_at = date_trunc('day', shipped_at) as is_shipped_day,
        delivered_at = delivered_at_local
        and delivered_at = date_trunc('day', delivered_at) as is_delivered_day,
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
        tracking,
        first_attempt,
        case
            when is_overdue
                or has_promise_and_attempt
                and first_attempted_date > promised_delivery_date
                then coalesce(delay_cause, 'untold')
        end as delay_cause,

        -- numerics
        case
            when (is_shipped_day or is_delivered_day)
                and delivered_date >= shipped_date
                then delivered_date - shipped_date
            when not (is_shipped_day or is_delivered_day)
                and delivered_at >= shipped_at
                then epoch(delivered_at - shipped_at) / 86400.0
        end::double as transit_days,
        case
            when is_return_leg then null
            when (is_ordered_day or is_delivered_day)
                and delivered_date >= ordered_date
                then delivered_date - ordered_date
            when not (is_ordered_day or is_delivered_day)
                and delivered_at >= ordered_at
                then epoch(delivered_at - ordered_at) / 86400.0
        end::double as order_to_delivery_days,
        (customs_hours / 24)::double as customs_days,

        -- booleans
        is_return_leg,
        is_order_cancelled,
        is_delivered,
        is_tracked,
        is_under_way,
        has_promise_and_attempt,
        has_promise_and_attempt
        and first_attempted_date <= promised_delivery_date as is_on_time,
        has_promise_and_attempt
        and first_attempted_date > promised_delivery_date as is_late,
        has_estimate_and_attempt,
        has_estimate_and_attempt
        and first_attempted_date <= estimated_delivery_date
            as is_on_time_by_estimate,
        has_estimate_and_attempt
        and first_attempted_date > estimated_delivery_date
            as is_late_by_estimate,
        is_overdue,
        state = 'lost' as is_lost,
        is_damaged,
        not is_return_leg
        and state in ('returning', 'returned_to_sender')
            as is_returned_to_sender,
        is_in_customs,

        -- timestamps
        shipped_at,
        shipped_at_local,
        shipped_date,
        coalesce(shipped_at, latest_scan_at, ordered_at) as sent_at,
        if(
            shipped_at is null,
            if(latest_scan_at is null, ordered_at_local, latest_scan_at_local),
            shipped_at_local
        ) as sent_at_local,
        delivered_at,
        delivered_at_local,
        delivered_date,
        first_attempted_date,
        promised_delivery_date,
        estimated_delivery_date,
        latest_scan_at,
        latest_scan_at_local,
        customs_in_at,
    from judged

)

select * from final
