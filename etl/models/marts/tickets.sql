with

tickets as (

    select * from staging.int_tickets

),

orders as (

    select * from staging.int_orders

),

ticket_ids as (

    select * from staging.int_ids where entity = 'tickets'

),

order_ids as (

    select * from staging.int_ids where entity = 'orders'

),

person_ids as (

    select * from staging.int_ids where entity = 'persons'

),

reasons as (

    select * from staging.int_reasons

),

meanings as (

    select * from staging.reasons

),

channels as (

    select * from staging.int_channels where kind = 'contact'

),

statuses as (

    select * from staging.ticket_status_map

),

run as (

    select * from staging.run

),

numbered as (

    select
        tickets.* exclude (ticket_id, order_id, status),
        -- A status nobody mapped keeps its own word and stands in
        -- unmapped_values.
        coalesce(statuses.status, lower(trim(tickets.status)), 'unknown')
            as status,
        statuses.status is not null as is_status_known,
        coalesce(ticket_ids.id, tickets.ticket_id) as ticket_id,
        case
            when order_ids.source_id is null then ltrim(tickets.order_id, '#')
            else order_ids.id
        end as order_id,
    from tickets
    left join ticket_ids
        on tickets.source_system = ticket_ids.source_system
        and tickets.ticket_id = ticket_ids.source_id
    left join order_ids
        on tickets.source_system = order_ids.source_system
        and tickets.order_id = order_ids.source_id
    left join statuses on lower(trim(tickets.status)) = statuses.status_raw
    where coalesce(statuses.status, '') not in ('deleted', 'merged')

),

joined as (

    select
        numbered.* exclude (
            product_id, channel, language, market, priority,
            agent_group, is_agent_initiated
        ),
        -- About an order of several products we don't know which one.
        coalesce(numbered.product_id, orders.only_product_id, 'unknown')
            as product_id,
        coalesce(
            person_ids.id,
            numbered.customer_ref,
            orders.customer_id
        ) as customer_id,
        coalesce(channels.channel, 'unknown') as channel,
        coalesce(numbered.language, 'unknown') as language,
        coalesce(numbered.market, orders.market, 'unknown') as market,
        coalesce(lower(numbered.priority), 'unknown') as priority,
        coalesce(meanings.reason, reasons.reason, 'no_reason') as reason,
        coalesce(meanings.reason_group, reasons.reason_group, 'unknown')
            as reason_group,
        coalesce(
            meanings.is_product_complaint::boolean,
            reasons.is_product_complaint,
            false
        ) as is_product_complaint,
        coalesce(
            meanings.is_quality_complaint::boolean,
            reasons.is_quality_complaint,
            false
        ) as is_quality_complaint,
        case
            when meanings.reason is not null then 'text'
            when reasons.reason is not null then 'source'
            else 'none'
        end as reason_basis,
        coalesce(numbered.agent_group, 'unknown') as agent_group,
        coalesce(numbered.is_agent_initiated, false) as is_agent_initiated,
        coalesce(
            numbered.first_replied_at,
            numbered.created_at
            + to_minutes(numbered.first_reply_minutes_reported)
        ) as replied_at,
        -- Two times of which one is a mere day have no minutes between them.
        case
            when 'date' in (
                numbered.created_at_precision,
                numbered.first_replied_at_precision
            ) or numbered.first_replied_at is null
                then numbered.first_reply_minutes_reported::double
            else epoch(numbered.first_replied_at - numbered.created_at) / 60.0
        end as minutes_to_reply,
        case
            when 'date' not in (
                numbered.created_at_precision,
                numbered.first_solved_at_precision
            ) then epoch(numbered.first_solved_at - numbered.created_at) / 60.0
        end as minutes_to_first_solution,
        case
            when 'date' not in (
                numbered.created_at_precision,
                numbered.solved_at_precision
            ) then epoch(numbered.solved_at - numbered.created_at) / 60.0
        end as minutes_to_last_solution,
        run.tickets_complete_to,
    from numbered
    cross join run
    left join orders on numbered.order_id = orders.order_id
    left join person_ids
        on numbered.source_system = person_ids.source_system
        and numbered.customer_ref = person_ids.source_id
    left join reasons
        on numbered.source_system = reasons.source_system
        and numbered.reason_raw = reasons.reason_raw
    -- What the desk says wins over what the text says, as long as it says
    -- something.
    left join meanings
        on numbered.text_reason = meanings.reason
        and coalesce(reasons.reason, 'no_reason')
        in ('no_reason', 'other', 'unmapped')
    left join channels
        on numbered.source_system = channels.source_system
        and numbered.channel = channels.channel_raw

),

judged as (

    select
        *,
        replied_at is not null as is_answered,
        -- A reply before the question is an error of the source, no speed.
        case
            when minutes_to_reply >= 0 and not is_agent_initiated
                then minutes_to_reply
        end as first_reply_minutes,
        status in ('solved', 'closed')
        or (not is_status_known and solved_at is not null) as is_solved,
    from joined

),

final as (

    select
        -- ids
        ticket_id,
        source_system,
        order_id,
        product_id,
        customer_id,

        -- text
        channel,
        language,
        market,
        status,
        priority,
        reason,
        reason_raw,
        reason_group,
        reason_basis,
        subject,
        agent_group,

        -- numerics
        first_reply_minutes,
        case
            when minutes_to_first_solution >= 0
                then minutes_to_first_solution
        end as first_resolution_minutes,
        case
            when minutes_to_last_solution >= 0
                then minutes_to_last_solution
        end as full_resolution_minutes,
        reopens,
        agent_replies,

        -- booleans
        is_agent_initiated,
        is_answered,
        -- Younger than 24 h and unanswered is neither hit nor miss, and so is
        -- a ticket whose time to reply cannot be known.
        not is_agent_initiated
        and (
            (is_answered and first_reply_minutes is not null)
            or (
                not is_answered
                and created_at + interval 24 hours <= tickets_complete_to
            )
        ) as is_reply_due,
        coalesce(first_reply_minutes <= 24 * 60, false)
            as is_replied_within_24h,
        not is_agent_initiated and not is_answered and not is_solved
            as is_awaiting_first_reply,
        is_solved,
        is_product_complaint,
        is_quality_complaint,

        -- timestamps
        created_at,
        created_at_local,
        replied_at as first_replied_at,
    from judged

)

select * from final
