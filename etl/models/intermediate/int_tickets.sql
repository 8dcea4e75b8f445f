-- Tickets with what their desk tells of them elsewhere: durations, first replies,
-- who opened them, the requester's language, the names of team and assignee. One
-- row per ticket.
with

tickets as not materialized (

    select * exclude (body) from staging.tickets

),

metrics as (

    select * from staging.ticket_metrics

),

first_replies as (

    select * from staging.int_first_replies

),

customers as (

    select * from staging.customers

),

agents as (

    select * from staging.agents

),

teams as (

    select * from staging.agent_groups

),

-- Whoever opened a ticket for the requester is taken for an agent unless the
-- list of customers knows him.
customer_submitted as (

    select
        tickets.source_system,
        tickets.ticket_id,
    from tickets
    semi join customers
        on tickets.source_system = customers.source_system
        and tickets.submitter_ref = customers.customer_ref
    anti join agents
        on tickets.source_system = agents.source_system
        and tickets.submitter_ref = agents.agent_ref

),

-- A duration says when it ended where the ticket's beginning is known by more
-- than its day.
joined as (

    select
        tickets.*,
        metrics.ticket_id is not null as is_measured,
        metrics.first_reply_seconds,
        metrics.first_reply_business_minutes,
        case
            when tickets.created_at_precision <> 'date'
                then tickets.created_at
                    + to_milliseconds((1000 * metrics.first_reply_seconds)::bigint)
        end as metric_replied_at,
        case
            when tickets.created_at_precision <> 'date'
                then tickets.created_at
                    + to_milliseconds((1000 * metrics.first_solution_seconds)::bigint)
        end as metric_first_solved_at,
        metrics.solved_at as metric_solved_at,
        metrics.solved_at_precision as metric_solved_at_precision,
        metrics.agent_replies as metric_agent_replies,
        metrics.reopens as metric_reopens,
        first_replies.ticket_id is not null as has_messages,
        first_replies.agent_replies as message_agent_replies,
        first_replies.bot_replies as message_bot_replies,
        first_replies.replied_at,
        first_replies.replied_at_precision,
        requesters.language as requester_language,
        teams.group_name,
        assignees.agent_name as listed_agent_name,
        customer_submitted.ticket_id is not null as is_customer_submitted,
    from tickets
    left join metrics
        on tickets.source_system = metrics.source_system
        and tickets.ticket_id = metrics.ticket_id
    left join first_replies
        on tickets.source_system = first_replies.source_system
        and tickets.ticket_id = first_replies.ticket_id
    left join customers as requesters
        on tickets.source_system = requesters.source_system
        and tickets.customer_ref = requesters.customer_ref
    left join teams
        on tickets.source_system = teams.source_system
        and tickets.agent_group_id = teams.agent_group_id
    left join agents as assignees
        on tickets.source_system = assignees.source_system
        and tickets.agent_id = assignees.agent_ref
    left join customer_submitted
        on tickets.source_system = customer_submitted.source_system
        and tickets.ticket_id = customer_submitted.ticket_id

),

final as (

    select
        -- ids
        source_system,
        ticket_id,
        order_id,
        product_id,
        customer_ref,
        agent_id,

        -- text
        channel,
        coalesce(language, requester_language, text_language) as language,
        market,
        status,
        priority,
        reason_raw,
        text_reason,
        subject,
        coalesce(group_name, agent_group, agent_group_id) as agent_group,
        coalesce(agent_name, listed_agent_name) as agent_name,

        -- numerics
        coalesce(
            first_reply_minutes_reported,
            round(first_reply_seconds / 60)::bigint
        ) as first_reply_minutes_reported,
        coalesce(
            first_reply_business_minutes_reported,
            first_reply_business_minutes
        ) as first_reply_business_minutes_reported,
        -- Messages tell people from bots, a desk's count may not.
        coalesce(agent_replies, message_agent_replies, metric_agent_replies)
            as agent_replies,
        coalesce(metric_agent_replies, agent_replies)
            as agent_replies_reported,
        coalesce(bot_replies, message_bot_replies) as bot_replies,
        coalesce(reopens, metric_reopens) as reopens,

        -- booleans
        is_agent_initiated and not is_customer_submitted as is_agent_initiated,
        coalesce(is_reply_known, true) or is_measured or has_messages
            as is_reply_known,

        -- timestamps
        created_at,
        created_at_local,
        created_at_precision,
        coalesce(first_replied_at, replied_at, metric_replied_at)
            as first_replied_at,
        case
            when first_replied_at is not null then first_replied_at_precision
            when replied_at is not null then replied_at_precision
            when metric_replied_at is not null then created_at_precision
        end as first_replied_at_precision,
        coalesce(first_solved_at, metric_first_solved_at) as first_solved_at,
        case
            when first_solved_at is not null then first_solved_at_precision
            when metric_first_solved_at is not null then created_at_precision
        end as first_solved_at_precision,
        coalesce(solved_at, metric_solved_at) as solved_at,
        case
            when solved_at is not null then solved_at_precision
            else metric_solved_at_precision
        end as solved_at_precision,
    from joined

)

select * from final
