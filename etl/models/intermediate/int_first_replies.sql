-- When a person of the team first answered in public, how often people and bots
-- did. One row per ticket whose messages are exported.
with

messages as (

    select * from staging.ticket_messages

),

tickets as (

    select
        source_system,
        ticket_id,
        customer_ref,
        created_at,
        coalesce(is_agent_initiated, false) as is_agent_initiated,
    from staging.tickets

),

agents as (

    select * from staging.agents

),

customers as (

    select * from staging.customers

),

-- Whom no list knows is taken for what the message says, else for an agent.
judged as (

    select
        messages.*,
        coalesce(messages.is_from_bot, false) as is_bot,
        not coalesce(messages.is_from_bot, false)
        and messages.author_ref is distinct from tickets.customer_ref
        and (
            agents.agent_ref is not null
            or (
                customers.customer_ref is null
                and coalesce(messages.is_from_agent, true)
            )
        ) as is_reply,
        -- What opens a ticket of the team's own answers nobody.
        tickets.is_agent_initiated
        and messages.written_at <= tickets.created_at as is_opening,
    from messages
    inner join tickets
        on messages.source_system = tickets.source_system
        and messages.ticket_id = tickets.ticket_id
    left join agents
        on messages.source_system = agents.source_system
        and messages.author_ref = agents.agent_ref
    left join customers
        on messages.source_system = customers.source_system
        and messages.author_ref = customers.customer_ref

),

final as (

    select
        source_system,
        ticket_id,
        min(written_at) filter (where is_reply) as replied_at,
        arg_min(written_at_precision, written_at) filter (where is_reply)
            as replied_at_precision,
        count(*) filter (where is_reply and not is_opening) as agent_replies,
        count(*) filter (where is_bot) as bot_replies,
    from judged
    group by source_system, ticket_id

)

select * from final
