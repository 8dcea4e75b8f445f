-- Parcels as the carriers tell them, with the state and days their scans say.
-- One row per shipment.
with

shipments as (

    select * from staging.shipments

),

carrier_events as (

    select * from staging.carrier_events

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

scans as (

    select
        case
            when shipment_ids.source_id is null
                then carrier_events.shipment_id
            else shipment_ids.id
        end as shipment_id,
        carrier_events.occurred_at,
        carrier_events.occurred_at_local,
        carrier_events.occurred_at_date as occurred_date,
        coalesce(event_states.event_state, 'unknown') as event_state,
        -- Of scans at one moment the one further along the way is the state.
        epoch_us(carrier_events.occurred_at) * 100 + list_position(
            [
                'expired_no_scan', 'label_created', 'picked_up', 'in_transit',
                'customs_in', 'customs_out', 'arrived_destination_country',
                'delayed', 'out_for_delivery', 'attempt_failed',
                'available_for_pickup', 'damaged', 'returning', 'delivered',
                'returned_to_sender', 'lost'
            ],
            event_states.event_state
        ) as scan_order,
    from carrier_events
    left join event_states
        on carrier_events.source_system = event_states.source_system
        and carrier_events.state_raw = event_states.state_raw
    left join shipment_ids
        on carrier_events.source_system = shipment_ids.source_system
        and carrier_events.shipment_id = shipment_ids.source_id

),

summaries as (

    select
        shipment_id,
        arg_max(event_state, scan_order)
            filter (where event_state <> 'unknown') as latest_state,
        min(occurred_at) filter (where event_state = 'delivered')
            as delivered_at,
        min(occurred_at_local) filter (where event_state = 'delivered')
            as delivered_at_local,
        min(occurred_date) filter (where event_state = 'delivered')
            as delivered_date,
        min(occurred_date) filter (where event_state in (
            'attempt_failed', 'available_for_pickup', 'delivered'
        )) as first_attempted_date,
        bool_or(event_state not in (
            'label_created', 'expired_no_scan', 'unknown'
        )) as has_moved,
        bool_or(event_state = 'damaged') as has_damage,
    from scans
    where shipment_id is not null
    group by shipment_id

),

numbered as (

    select
        shipments.* exclude (shipment_id, order_id),
        coalesce(shipment_ids.id, shipments.shipment_id) as shipment_id,
        case
            when order_ids.source_id is null
                then ltrim(shipments.order_id, '#')
            else order_ids.id
        end as order_id,
    from shipments
    left join shipment_ids
        on shipments.source_system = shipment_ids.source_system
        and shipments.shipment_id = shipment_ids.source_id
    left join order_ids
        on shipments.source_system = order_ids.source_system
        and shipments.order_id = order_ids.source_id

),

joined as (

    select
        numbered.*,
        orders.market as order_market,
        orders.promised_delivery_date as order_promised_date,
        coalesce(orders.is_cancelled, false) as is_order_cancelled,
        coalesce(numbered.is_return_leg, false) as is_on_way_back,
        coalesce(summaries.latest_state, statuses.event_state, 'unknown')
            as told_state,
        coalesce(
            numbered.delivered_at,
            numbered.delivered_date::timestamp,
            summaries.delivered_at
        ) as told_delivered_at,
        coalesce(
            numbered.delivered_at_local,
            numbered.delivered_date::timestamp,
            summaries.delivered_at_local
        ) as told_delivered_at_local,
        coalesce(
            numbered.delivered_date,
            numbered.delivered_at_date,
            summaries.delivered_date
        ) as told_delivered_date,
        coalesce(
            numbered.first_attempted_date,
            numbered.first_attempted_at_date
        ) as told_attempted_date,
        summaries.first_attempted_date as scanned_attempted_date,
        coalesce(
            summaries.has_moved,
            statuses.event_state not in (
                'label_created', 'expired_no_scan', 'unknown'
            ),
            false
        ) as has_moved,
        coalesce(summaries.has_damage, false) as has_damage,
    from numbered
    left join summaries on numbered.shipment_id = summaries.shipment_id
    left join event_states as statuses
        on numbered.source_system = statuses.source_system
        and numbered.status_raw = statuses.state_raw
    left join orders on numbered.order_id = orders.order_id

),

judged as (

    select
        *,
        (told_delivered_at is not null or told_state = 'delivered')
        and told_state not in ('returning', 'returned_to_sender', 'lost')
            as is_delivered,
    from joined

),

final as (

    select
        source_system,
        shipment_id,
        order_id,
        coalesce(lower(carrier), 'unknown') as carrier,
        coalesce(origin_country, 'unknown') as origin_country,
        coalesce(
            destination_country,
            case when not is_on_way_back then order_market end,
            'unknown'
        ) as destination_country,
        coalesce(warehouse, 'unknown') as warehouse,
        is_on_way_back as is_return_leg,
        is_order_cancelled,
        case
            when is_delivered and told_state <> 'damaged' then 'delivered'
            else told_state
        end as state,
        shipped_at,
        shipped_at_local,
        case when is_delivered then told_delivered_at end as delivered_at,
        case when is_delivered then told_delivered_at_local end
            as delivered_at_local,
        case when is_delivered then told_delivered_date end as delivered_date,
        -- A delivery is an attempt that worked.
        least(
            coalesce(told_attempted_date, scanned_attempted_date),
            case when is_delivered then told_delivered_date end
        ) as first_attempted_date,
        coalesce(
            promised_delivery_date,
            case when not is_on_way_back then order_promised_date end
        ) as promised_delivery_date,
        estimated_delivery_date,
        is_delivered,
        has_moved or is_delivered or shipped_at is not null as is_tracked,
        has_damage or told_state = 'damaged' as is_damaged,
    from judged

)

select * from final
