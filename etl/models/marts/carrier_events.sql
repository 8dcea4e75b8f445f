with

carrier_events as (

    select * from staging.carrier_events

),

event_states as (

    select * from staging.int_event_states

),

parcels as (

    select * from staging.int_shipments

),

shipments as (

    select * from main.shipments

),

-- When two systems use one number, the second keeps its system's name before
-- it. With one system, the usual case, there is nothing to look at.
later_rows as (

    select
        source_system,
        carrier_event_id,
    from carrier_events
    where source_system > (select min(source_system) from carrier_events)

),

repeated as (

    select distinct
        later_rows.source_system,
        later_rows.carrier_event_id,
    from later_rows
    inner join carrier_events as earlier
        on later_rows.carrier_event_id = earlier.carrier_event_id
        and earlier.source_system < later_rows.source_system

),

final as (

    select
        -- ids
        case
            when repeated.carrier_event_id is not null
                then carrier_events.source_system
                || '/' || carrier_events.carrier_event_id
            else carrier_events.carrier_event_id
        end as carrier_event_id,
        coalesce(shipments.shipment_id, carrier_events.shipment_id)
            as shipment_id,
        shipments.order_id,
        carrier_events.source_system,

        -- text
        coalesce(shipments.carrier, 'unknown') as carrier,
        coalesce(shipments.market, 'unknown') as market,
        coalesce(shipments.lane, 'unknown') as lane,
        coalesce(event_states.event_state, 'unknown') as event_state,
        carrier_events.state_raw,
        carrier_events.location,
        carrier_events.message,

        -- timestamps
        carrier_events.occurred_at,
        carrier_events.occurred_at_local,
        carrier_events.occurred_at_precision,
    from carrier_events
    left join repeated
        on carrier_events.source_system = repeated.source_system
        and carrier_events.carrier_event_id = repeated.carrier_event_id
    left join event_states
        on carrier_events.source_system = event_states.source_system
        and carrier_events.state_raw = event_states.state_raw
    left join parcels
        on carrier_events.source_system = parcels.source_system
        and carrier_events.shipment_id = parcels.source_shipment_id
    left join shipments on parcels.shipment_id = shipments.shipment_id

)

select * from final
