-- What an id of a source means here, where that is not simply the id itself: an
-- identity of a person who has several; a number that several records bear.
-- One row per entity, source system and id as that system writes it; id is null
-- where the system names a repeated number that is not its own.
--   found: case when ids.source_id is null then <the id> else ids.id end
with

watermarks as (

    select * from staging.entity_watermarks

),

customers as (

    select * from staging.customers

),

-- Numbers repeat from system to system. The first system of each kind, for most
-- sellers the only one, has none that came before.
first_systems as (

    select
        entity,
        min(source_system) as source_system,
    from watermarks
    group by entity

),

later_systems as (

    select
        watermarks.entity,
        watermarks.source_system,
    from watermarks
    anti join first_systems
        on watermarks.entity = first_systems.entity
        and watermarks.source_system = first_systems.source_system

),

records as not materialized (

    select
        'order_items' as entity,
        source_system,
        order_item_id as source_id,
    from staging.int_order_items
    union all
    select 'shipments', source_system, shipment_id from staging.shipments
    union all
    select 'carrier_events', source_system, carrier_event_id
    from staging.carrier_events
    union all
    select 'tickets', source_system, ticket_id from staging.tickets
    union all
    select 'returns', source_system, return_id from staging.returns
    union all
    select 'survey_responses', source_system, survey_response_id
    from staging.int_survey_responses

),

later_records as (

    select records.*
    from records
    semi join later_systems
        on records.entity = later_systems.entity
        and records.source_system = later_systems.source_system

),

repeated_records as (

    select distinct
        records.entity,
        records.source_id,
    from records
    inner join later_records
        on records.entity = later_records.entity
        and records.source_id = later_records.source_id
        and records.source_system < later_records.source_system

),

-- Customers and carriers write #1001 and 1001 for one order, so that even two
-- orders of one system may share a number.
repeated_orders as (

    select
        'orders' as entity,
        ltrim(order_id, '#') as number,
    from staging.orders
    group by number
    having count(*) > 1

),

repeated as (

    select
        entity,
        source_id as number,
    from repeated_records
    union all
    select
        entity,
        number,
    from repeated_orders

),

-- Who bears a repeated number: the first keeps it, the others have their
-- system's name before it.
bearers as (

    select
        repeated.entity,
        repeated.number,
        named.source_system,
        named.source_id,
        case
            when row_number() over (
                partition by repeated.entity, repeated.number
                order by named.source_system, named.source_id
            ) = 1 then repeated.number
            else named.source_system || '/' || named.source_id
        end as id,
        count(*) over (
            partition by
                repeated.entity, repeated.number, named.source_system
        ) as bearers_in_system,
    from (
        select
            entity,
            source_system,
            source_id,
            source_id as number,
        from records
        union all
        select
            'orders' as entity,
            source_system,
            order_id as source_id,
            ltrim(order_id, '#') as number,
        from staging.orders
    ) as named
    inner join repeated
        on named.entity = repeated.entity
        and named.number = repeated.number

),

-- Who names one: the records themselves and whatever refers to them.
mentions as (

    select
        entity,
        source_system,
        source_id,
        source_id as number,
    from records
    union all
    select
        'orders' as entity,
        source_system,
        order_id as source_id,
        ltrim(order_id, '#') as number,
    from (
        select source_system, order_id from staging.orders
        union all
        select source_system, order_id from staging.int_order_items
        union all
        select source_system, order_id from staging.shipments
        union all
        select source_system, order_id from staging.tickets
        union all
        select source_system, order_id from staging.returns
        union all
        select source_system, order_id from staging.int_survey_responses
    ) as order_mentions
    union all
    select
        'order_items' as entity,
        source_system,
        order_item_id as source_id,
        order_item_id as number,
    from staging.returns
    union all
    select
        'shipments' as entity,
        source_system,
        shipment_id as source_id,
        shipment_id as number,
    from staging.carrier_events
    union all
    select
        'tickets' as entity,
        source_system,
        ticket_id as source_id,
        ticket_id as number,
    from staging.int_survey_responses

),

mentioned as (

    select distinct
        mentions.entity,
        mentions.source_system,
        mentions.source_id,
        mentions.number,
    from mentions
    semi join repeated
        on mentions.entity = repeated.entity
        and mentions.number = repeated.number

),

-- The system's own record of just this id, else its only one of this number.
numbers as (

    select
        mentioned.entity,
        mentioned.source_system,
        mentioned.source_id,
        coalesce(exact.id, only_own.id) as id,
    from mentioned
    left join bearers as exact
        on mentioned.entity = exact.entity
        and mentioned.source_system = exact.source_system
        and mentioned.source_id = exact.source_id
    left join bearers as only_own
        on mentioned.entity = only_own.entity
        and mentioned.source_system = only_own.source_system
        and mentioned.number = only_own.number
        and only_own.bearers_in_system = 1

),

-- Who the list of customers knows by address, else whom a ticket does.
addresses as (

    select
        source_system,
        customer_ref,
        person_ref,
        person_ref as listed_ref,
    from customers
    where person_ref is not null
    union all
    select
        source_system,
        customer_ref,
        person_ref,
        null::varchar as listed_ref,
    from staging.tickets
    where person_ref is not null and customer_ref is not null

),

persons as (

    select
        'persons' as entity,
        source_system,
        customer_ref as source_id,
        coalesce(max(listed_ref), max(person_ref)) as id,
    from addresses
    group by source_system, customer_ref

),

final as (

    select * from persons
    union all
    select * from numbers

)

select * from final
