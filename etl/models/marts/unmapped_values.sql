with

reasons as (

    select * from staging.int_reasons

),

resolutions as (

    select * from staging.int_resolutions

),

event_states as (

    select * from staging.int_event_states

),

channels as (

    select * from staging.int_channels

),

tickets as (

    select * from staging.tickets

),

statuses as (

    select * from staging.ticket_status_map

),

ticket_statuses as (

    select
        tickets.source_system,
        tickets.status as status_raw,
        count(*) as row_count,
    from tickets
    anti join statuses on lower(trim(tickets.status)) = statuses.status_raw
    where tickets.status is not null
    group by tickets.source_system, tickets.status

),

final as (

    select
        'reason' as kind,
        source_system,
        reason_raw as raw_value,
        row_count,
    from reasons
    where reason = 'unmapped'
    union all
    select
        'resolution' as kind,
        source_system,
        resolution_raw as raw_value,
        row_count,
    from resolutions
    where resolution = 'unmapped'
    union all
    select
        'event_state' as kind,
        source_system,
        state_raw as raw_value,
        row_count,
    from event_states
    where not is_mapped
    union all
    select
        kind || '_channel' as kind,
        source_system,
        channel_raw as raw_value,
        row_count,
    from channels
    where not is_mapped
    union all
    select
        'ticket_status' as kind,
        source_system,
        status_raw as raw_value,
        row_count,
    from ticket_statuses

)

select * from final
