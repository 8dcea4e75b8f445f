-- How those who were assigned a ticket or rated are called. One row per agent.
with

cases as (

    select * from main.agent_cases

),

latest as (

    select
        agent_id,
        arg_max(agent_name, (happened_at, case_id))
            filter (where agent_name is not null) as agent_name,
        arg_max(agent_group, (happened_at, case_id))
            filter (where kind = 'ticket' and agent_group <> 'unknown')
            as agent_group,
    from cases
    group by agent_id

),

final as (

    select
        -- ids
        latest.agent_id,

        -- text
        coalesce(
            latest.agent_name,
            'Agent ' || upper(left(latest.agent_id, 8))
        ) as agent_name,
        coalesce(latest.agent_group, 'unknown') as agent_group,
    from latest

)

select * from final
