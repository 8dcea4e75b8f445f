-- What each state in a carrier's or tracker's words means, and which cause of
-- delay it names. One row per source system and raw state.
with

raw_states as (

    select source_system, state_raw from staging.carrier_events
    union all
    select source_system, status_raw from staging.shipments

),

counted as (

    select
        source_system,
        state_raw,
        lower(trim(state_raw)) as normalised,
        count(*) as row_count,
    from raw_states
    where state_raw is not null
    group by source_system, state_raw

),

event_state_map as (

    select * from staging.event_state_map

),

delay_cause_map as (

    select * from staging.delay_cause_map

),

mapped as (

    select
        counted.source_system,
        counted.state_raw,
        counted.row_count,
        coalesce(own.event_state, general.event_state) is not null as is_mapped,
        coalesce(own.event_state, general.event_state, 'unknown')
            as event_state,
        coalesce(own_cause.delay_cause, general_cause.delay_cause)
            as delay_cause,
    from counted
    left join event_state_map as own
        on counted.source_system = own.system
        and counted.normalised = own.state_raw
    left join event_state_map as general
        on general.system = '*'
        and counted.normalised = general.state_raw
    left join delay_cause_map as own_cause
        on counted.source_system = own_cause.system
        and counted.normalised = own_cause.state_raw
    left join delay_cause_map as general_cause
        on general_cause.system = '*'
        and counted.normalised = general_cause.state_raw

)

select * from mapped
