with

reasons as (

    select * from staging.int_reasons

),

event_states as (

    select * from staging.int_event_states

),

channels as (

    select * from staging.int_channels

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

)

select * from final
