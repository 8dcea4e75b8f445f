-- Parcels as the carriers tell them, with the state and days their scans say.
-- One row per shipment.
with

shipments as (

    select * from staging.shipments

),

scans as (

    select * from staging.int_parcel_scans

),

event_states as (

    select * from staging.int_event_states

),

orders as (

    select * from staging.int_orders

),

shipment_ids as (

    select * from staging.int_ids where entity = 'shipments'

),

order_ids as (

    select * from staging.int_ids where entity = 'orders'

),

-- Countries with one zone.
zones as (

    select country, time_zone
    from staging.place_time_zones
    where state = '*'

),

numbered as (

    select
        shipments.* exclude (shipment_id, order_id, is_return_leg),
        coalesce(shipment_ids.id, shipments.shipment_id) as shipment_id,
        case
            when order_ids.source_id is null
                then ltrim(shipments.order_id, '#')
            else order_ids.id
        end as order_id,
        coalesce(shipments.is_return_leg, false) as is_return_leg,
    from shipments
    left join shipment_ids
        on shipments.source_system = shipment_ids.source_system
        and shipments.shipment_id = shipment_ids.source_id
    left join order_ids
        on shipments.source_system = order_ids.source_system
        and shipments.order_id = order_ids.source_id

),

ordered as (

    select
        numbered.*,
        orders.ordered_at,
        orders.ordered_at_local,
        orders.ordered_date,
        coalesce(
            numbered.destination_country,
            if(numbered.is_return_leg, null, orders.market),
            'unknown'
        ) as destination,
        coalesce(
            numbered.promised_delivery_date,
            if(numbered.is_return_leg, null, orders.promised_delivery_date)
        ) as promised_date,
        coalesce(orders.is_cancelled, false) as is_order_cancelled,
    from numbered
    left join orders on numbered.order_id = orders.order_id

),

-- What the tracker says of a time wins over what its scans say.
told as (

    select
        ordered.source_system,
        ordered.shipment_id,
        ordered.order_id,
        ordered.carrier,
        ordered.origin_country,
        ordered.destination,
        ordered.warehouse,
        ordered.is_return_leg,
        ordered.is_order_cancelled,
        ordered.ordered_at,
        ordered.ordered_at_local,
        ordered.ordered_date,
        ordered.promised_date,
        ordered.estimated_delivery_date,
        coalesce(scans.latest_state, statuses.event_state, 'unknown')
            as told_state,
        coalesce(
            scans.has_moved,
            statuses.event_state not in (
                'label_created', 'expired_no_scan', 'unknown'
            ),
            false
        ) as has_moved,
        case
            when ordered.shipped_at is null then {
                'at': scans.moved_at,
                'at_local': scans.moved_at_local,
                'day': scans.moved_date
            }
            else {
                'at': ordered.shipped_at,
                'at_local': ordered.shipped_at_local,
                'day': ordered.shipped_at_date
            }
        end as shipping,
        case
            when ordered.delivered_at is not null then {
                'at': ordered.delivered_at,
                'at_local': ordered.delivered_at_local,
                'day': ordered.delivered_at_date,
                'is_place_date': ordered.delivered_at_precision <> 'instant'
            }
            when ordered.delivered_date is not null then {
                'at': ordered.delivered_date::timestamp,
                'at_local': ordered.delivered_date::timestamp,
                'day': ordered.delivered_date,
                'is_place_date': true
            }
            else {
                'at': scans.delivered_at,
                'at_local': scans.delivered_at_local,
                'day': scans.delivered_date,
                'is_place_date': scans.is_delivered_place_date
            }
        end as delivery,
        ordered.delivered_date as told_delivered_date,
        ordered.first_attempted_at,
        coalesce(
            ordered.first_attempted_date,
            ordered.first_attempted_at_date
        ) as told_attempted_date,
        ordered.first_attempted_date is not null
        or coalesce(ordered.first_attempted_at_precision <> 'instant', false)
            as is_attempt_place_date,
        scans.* exclude (
            shipment_id, latest_state, has_moved, moved_at, moved_at_local,
            moved_date, delivered_at, delivered_at_local,
            delivered_date, is_delivered_place_date
        ),
    from ordered
    left join scans on ordered.shipment_id = scans.shipment_id
    left join event_states as statuses
        on ordered.source_system = statuses.source_system
        and ordered.status_raw = statuses.state_raw

),

judged as (

    select
        told.*,
        (delivery.at is not null or told_state = 'delivered')
        and told_state not in ('returning', 'returned_to_sender', 'lost')
            as is_delivered,
        -- A moment alone tells the day at the destination only where that
        -- country has one zone; else the reporting zone's day stands in.
        coalesce(
            told_delivered_date,
            if(
                delivery.is_place_date or zones.time_zone is null,
                delivery.day,
                timezone(zones.time_zone, timezone('UTC', delivery.at))::date
            )
        ) as delivered_date,
        if(
            is_attempt_place_date or zones.time_zone is null,
            told_attempted_date,
            timezone(zones.time_zone, timezone('UTC', first_attempted_at))::date
        ) as attempted_date,
    from told
    left join zones on told.destination = zones.country

),

attempted as (

    select
        * exclude (delivered_date),
        if(is_delivered, delivered_date, null) as delivered_date,
        -- A delivery is an attempt that worked.
        least(
            coalesce(attempted_date, first_attempted_date),
            if(is_delivered, delivered_date, null)
        ) as attempt_date,
        has_moved or is_delivered or shipping.at is not null as is_tracked,
        -- The tracker's own first attempt, unless it brought the parcel to a
        -- pick-up point.
        attempted_date is not null
        and not coalesce(is_pickup, false)
        and coalesce(attempted_date < delivered_date, not is_delivered)
            as has_told_failure,
        -- A scan after the delivery is of another journey, or late.
        failed_date is not null
        and coalesce(
            failed_order < delivered_order,
            failed_date <= delivered_date,
            true
        ) as has_scanned_failure,
        is_delivered is false and latest_place = 'customs_in' as is_in_customs,
    from judged

),

caused as (

    select
        *,
        list_distinct(list_concat(
            list_transform(
                list_filter(
                    causes,
                    lambda each: coalesce(each.told_on <= attempt_date, true)
                ),
                lambda each: each.delay_cause
            ),
            -- Where it stood when the promised day was over.
            list_transform(
                list_filter(
                    stays,
                    lambda stay: stay.in_date <= promised_date
                        and coalesce(stay.out_date > promised_date, is_in_customs)
                ),
                lambda stay: 'customs'
            )
        )) as told_causes,
    from attempted

),

final as (

    select
        source_system,
        shipment_id,
        order_id,
        coalesce(lower(carrier), 'unknown') as carrier,
        coalesce(origin_country, 'unknown') as origin_country,
        destination as destination_country,
        coalesce(warehouse, 'unknown') as warehouse,
        is_return_leg,
        is_order_cancelled,
        if(is_delivered and told_state <> 'damaged', 'delivered', told_state)
            as state,
        case
            when is_tracked then 'tracked'
            when is_order_cancelled then 'cancelled'
            when told_state = 'expired_no_scan' then 'expired'
            else 'pending'
        end as tracking,
        case
            when has_told_failure or has_scanned_failure then 'failed'
            -- That nothing is told of an attempt proves nothing without scans.
            when is_delivered
                and (latest_scan_at is not null or attempted_date is not null)
                then 'delivered'
        end as first_attempt,
        case
            when len(told_causes) > 1 then 'several'
            else told_causes[1]
        end as delay_cause,
        ordered_at,
        ordered_at_local,
        ordered_date,
        shipping.at as shipped_at,
        shipping.at_local as shipped_at_local,
        shipping.day as shipped_date,
        if(is_delivered, delivery.at, null) as delivered_at,
        if(is_delivered, delivery.at_local, null) as delivered_at_local,
        delivered_date,
        attempt_date as first_attempted_date,
        promised_date as promised_delivery_date,
        estimated_delivery_date,
        latest_scan_at,
        latest_scan_at_local,
        customs_hours,
        if(is_in_customs, customs_in_at, null) as customs_in_at,
        is_delivered,
        is_tracked,
        coalesce(has_damage, false) or told_state = 'damaged' as is_damaged,
        coalesce(is_in_customs, false) as is_in_customs,
    from caused

)

select * from final
