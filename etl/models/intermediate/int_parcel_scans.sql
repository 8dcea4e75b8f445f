-- What a parcel's scans tell together. One row per shipment that has scans.
with

carrier_events as (

    select * from staging.carrier_events

),

event_states as (

    select * from staging.int_event_states

),

shipment_ids as (

    select * from staging.int_ids where entity = 'shipments'

),

scans as not materialized (

    select
        case
            when shipment_ids.source_id is null
                then carrier_events.shipment_id
            else shipment_ids.id
        end as shipment_id,
        carrier_events.occurred_at,
        carrier_events.occurred_at_local,
        coalesce(carrier_events.occurred_date, carrier_events.occurred_at_date)
            as occurred_date,
        -- Of a moment alone only the reporting zone's day is known.
        carrier_events.occurred_date is not null
        or carrier_events.occurred_at_precision <> 'instant' as is_place_date,
        carrier_events.message,
        event_states.delay_cause,
        coalesce(event_states.event_state, 'unknown') as event_state,
        coalesce(event_states.event_state, 'unknown') not in (
            'label_created', 'expired_no_scan', 'unknown'
        ) as has_moved,
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
        arg_max(event_state, scan_order)
            filter (where event_state not in ('unknown', 'delayed'))
            as latest_place,
        max(occurred_at) as latest_scan_at,
        max(occurred_at_local) as latest_scan_at_local,
        bool_or(has_moved) as has_moved,
        min(occurred_at) filter (where has_moved) as moved_at,
        min(occurred_at_local) filter (where has_moved) as moved_at_local,
        min(occurred_date) filter (where has_moved) as moved_date,
        min(scan_order) filter (where event_state = 'delivered')
            as delivered_order,
        min(occurred_at) filter (where event_state = 'delivered')
            as delivered_at,
        min(occurred_at_local) filter (where event_state = 'delivered')
            as delivered_at_local,
        min(occurred_date) filter (where event_state = 'delivered')
            as delivered_date,
        bool_and(is_place_date) filter (where event_state = 'delivered')
            as is_delivered_place_date,
        min(occurred_date) filter (where event_state in (
            'attempt_failed', 'available_for_pickup', 'delivered'
        )) as first_attempted_date,
        min(scan_order) filter (where event_state = 'attempt_failed')
            as failed_order,
        min(occurred_date) filter (where event_state = 'attempt_failed')
            as failed_date,
        bool_or(event_state = 'available_for_pickup') as is_pickup,
        bool_or(event_state = 'damaged') as has_damage,
    from scans
    where shipment_id is not null
    group by shipment_id

),

-- A stay in customs is from the first scan that tells of it to the next
-- release; what is told twice is one. One without a release may have ended
-- untold.
customs_scans as (

    select
        *,
        lag(event_state, 1, 'none') over (
            partition by shipment_id order by scan_order
        ) as state_before,
    from scans
    where event_state in ('customs_in', 'customs_out')

),

customs_turns as (

    select
        *,
        lead(occurred_at) over turns as left_at,
        lead(occurred_date) over turns as left_date,
    from customs_scans
    where event_state <> state_before
    window turns as (partition by shipment_id order by scan_order)

),

customs as (

    select
        shipment_id,
        sum(epoch_us(left_at) - epoch_us(occurred_at)) / 3600e6
            as customs_hours,
        max(occurred_at) as customs_in_at,
        list({'in_date': occurred_date, 'out_date': left_date}) as stays,
    from customs_turns
    where event_state = 'customs_in' and shipment_id is not null
    group by shipment_id

),

-- What carriers write of a delay whose code names no cause. They repeat
-- themselves: each text is read once. Patterns stand here, not in a table, for
-- only a constant one is compiled once.
texts as (

    select distinct message
    from scans
    where
        event_state = 'delayed'
        and delay_cause is null
        and message is not null

),

matched_texts as (

    select
        message,
        list_filter([
            if(regexp_matches(
                message,
                '\bcustoms\b|海关|清关|报关|税関|通関|\bzoll|\bdouan|\badua[nñ]'
                || '|\balf[âa]ndeg',
                'i'
            ), 'customs', null),
            if(regexp_matches(
                message,
                '\b(weather|(snow|rain|wind)?storms?|typhoon|hurricane'
                || '|flood(s|ing)?)\b|天气|台风|暴雨|暴雪|大雪|天候|台風'
                || '|\b(un)?wetter|\bm[ée]t[ée]o|\bintemp[ée]ries'
                || '|\bclim[aá]tic|\btemporal\b',
                'i'
            ), 'weather', null),
            if(regexp_matches(
                message,
                '\b(bad|wrong|incorrect|incomplete|insufficient|invalid'
                || '|unknown) address\b'
                || '|\baddress (is |was )?(bad|wrong|incorrect|incomplete'
                || '|insufficient|invalid|unknown|not found)\b'
                || '|地址(错误|不详|不完整|有误|不清)|住所(不明|不備)'
                || '|\b(falsche|unbekannte|unvollständige) adresse'
                || '|\badresse (ist )?(unvollständig|falsch|unbekannt|ungültig'
                || '|incomplète|erronée|incorrecte|inconnue)'
                || '|\bdirecci[oó]n (incorrecta|incompleta|err[oó]nea)'
                || '|\bendereço (incorreto|incompleto|insuficiente)',
                'i'
            ), 'address', null),
            if(regexp_matches(
                message,
                '\bmis-?(sort|rout)(ed)?\b|\bmechanical\b'
                || '|\b(flight|vehicle|truck|train) (was |is |has been )?'
                || '(delayed|cancell?ed|late)\b'
                || '|\b(late|delayed|cancell?ed) (flight|vehicle|truck|train)\b'
                || '|\b(backlog|operational delay|sorting delay)\b'
                || '|爆仓|分拣错误|航班(延误|取消)',
                'i'
            ), 'carrier', null)
        ], lambda cause: cause is not null) as causes,
    from texts

),

-- A text that names two causes names none.
read_texts as (

    select
        message,
        causes[1] as delay_cause,
    from matched_texts
    where len(causes) = 1

),

causes as (

    select
        scans.shipment_id,
        list({
            'told_on': scans.occurred_date,
            'delay_cause':
                coalesce(scans.delay_cause, read_texts.delay_cause)
        }) as causes,
    from scans
    left join read_texts
        on scans.message = read_texts.message
        and scans.event_state = 'delayed'
    where
        scans.shipment_id is not null
        and (scans.delay_cause is not null or scans.event_state = 'delayed')
        and coalesce(scans.delay_cause, read_texts.delay_cause) is not null
    group by scans.shipment_id

),

final as (

    select
        summaries.*,
        customs.* exclude (shipment_id),
        causes.causes,
    from summaries
    left join customs on summaries.shipment_id = customs.shipment_id
    left join causes on summaries.shipment_id = causes.shipment_id

)

select * from final
