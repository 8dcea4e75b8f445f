with

run as (

    select * from staging.run

),

silent_systems as (

    select * from staging.silent_systems

),

-- Several records may tell of one survey; those with its own times know best.
surveys as (

    select
        source_system,
        coalesce(
            max(coalesce(responded_at_local, sent_at_local))
                filter (where is_dated),
            max(coalesce(responded_at_local, sent_at_local))
        ) as told_at_local,
    from staging.survey_responses
    group by source_system, coalesce(survey_key, survey_response_id)

),

loaded as (

    select source_system, 'products' as entity, null::timestamp as event_at
    from staging.products
    union all
    select source_system, 'customers', null::timestamp
    from staging.customers
    union all
    select source_system, 'orders', ordered_at_local from staging.orders
    union all
    select source_system, 'order_items', null::timestamp
    from staging.order_items
    union all
    select
        source_system,
        'shipments',
        greatest(shipped_at_local, first_attempted_at_local, delivered_at_local)
    from staging.shipments
    union all
    select source_system, 'carrier_events', occurred_at_local
    from staging.carrier_events
    union all
    select source_system, 'tickets', created_at_local from staging.tickets
    union all
    select source_system, 'returns', returned_at_local from staging.returns
    union all
    select source_system, 'survey_responses', told_at_local from surveys

),

counted as (

    select
        source_system,
        entity,
        count(*) as row_count,
        max(event_at) as latest_event_at,
    from loaded
    group by source_system, entity

),

quarantined as (

    select
        source_system,
        entity,
        count(distinct (path, row_no)) as quarantined_count,
    from main.quarantine
    where source_system is not null and entity is not null
    group by source_system, entity

),

together as (

    select
        coalesce(counted.source_system, quarantined.source_system)
            as source_system,
        coalesce(counted.entity, quarantined.entity) as entity,
        coalesce(counted.row_count, 0) as row_count,
        coalesce(quarantined.quarantined_count, 0) as quarantined_count,
        counted.latest_event_at,
    from counted
    full outer join quarantined
        on counted.source_system = quarantined.source_system
        and counted.entity = quarantined.entity

),

judged as (

    select
        together.*,
        silent_systems.source_system is not null as is_silent,
    from together
    left join silent_systems
        on together.source_system = silent_systems.source_system

),

-- A system's export is complete up to the latest thing it tells of; events
-- dated after the run's "now" prove nothing. Of a silent system nobody waits for
-- more, so that it holds up no other.
final as (

    select
        judged.source_system,
        judged.entity,
        judged.row_count,
        judged.quarantined_count,
        judged.latest_event_at,
        judged.is_silent,
        -- least() of a null and a time is the time: entities without events are
        -- left out by the filter.
        max(least(judged.latest_event_at, run.as_of_local)) filter (
            where judged.latest_event_at is not null and not judged.is_silent
        ) over (partition by judged.source_system) as data_complete_to,
    from judged
    cross join run

)

select * from final
