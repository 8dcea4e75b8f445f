with

carrier_events as (

    select * from staging.carrier_events

),

event_states as (

    select * from staging.int_event_states

),

carrier_event_ids as (

    select * from staging.int_ids where entity = 'carrier_events'

),

shipment_ids as (

    select * from staging.int_ids where entity = 'shipments'

),

shipments as (

    select * from main.shipments

),

numbered as (

    select
        carrier_events.* exclude (carrier_event_id, shipment_id),
        coalesce(carrier_event_ids.id, carrier_events.carrier_event_id)
            as carrier_event_id,
        case
            when shipment_ids.source_id is null
                then carrier_events.shipment_id
            else shipment_ids.id
        end as shipment_id,
    from carrier_events
    left join carrier_event_ids
        on carrier_events.source_system = carrier_event_ids.source_system
        and carrier_events.carrier_event_id = carrier_event_ids.source_id
    left join shipment_ids
        on carrier_events.source_system = shipment_ids.source_system
        and carrier_events.shipment_id = shipment_ids.source_id

),

final as (

    select
        -- ids
        numbered.carrier_event_id,
        numbered.shipment_id,
        shipments.order_id,
        numbered.source_system,

        -- text
        coalesce(shipments.carrier, 'unknown') as carrier,
        coalesce(shipments.market, 'unknown') as market,
        coalesce(shipments.lane, 'unknown') as lane,
        coalesce(event_states.event_state, 'unknown') as event_state,
        numbered.state_raw,
        numbered.location,
        numbered.message,

        -- timestamps
        numbered.occurred_at,
        numbered.occurred_at_local,
        numbered.occurred_at_precision,
    from numbered
    left join event_states
        on numbered.source_system = event_states.source_system
        and numbered.state_raw = event_states.state_raw
    left join shipments on numbered.shipment_id = shipments.shipment_id

)

select * from final
