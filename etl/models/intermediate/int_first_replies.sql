-- When a person of the team first answered in public. One row per ticket whose
-- messages are exported and hold such an answer.
with

messages as (

    select * from staging.ticket_messages

),

tickets as (

    select
        source_system,
        ticket_id,
        customer_ref,
    from staging.tickets

),

agents as (

    select * from staging.agents

),

customers as (

    select * from staging.customers

),

-- Whom no list knows is taken for what the message says, else for an agent.
agent_replies as (

    select messages.*
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
    where
        messages.author_ref is distinct from tickets.customer_ref
        and (
            agents.agent_ref is not null
            or (
                customers.customer_ref is null
                and coalesce(messages.is_from_agent, true)
            )
        )

),

final as (

    select
        source_system,
        ticket_id,
        min(written_at) as replied_at,
        arg_min(written_at_precision, written_at) as replied_at_precision,
    from agent_replies
    group by source_system, ticket_id

)

select * from final
