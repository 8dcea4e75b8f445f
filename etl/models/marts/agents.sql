-- Whoever has a ticket or was rated, and how he is called. One row per agent.
with

tickets as (

    select * from main.tickets

),

survey_responses as (

    select * from main.survey_responses

),

agent_settings as (

    select * from staging.agent_settings

),

seen as (

    select
        agent_id,
        agent_name,
        agent_group,
        created_at as seen_at,
    from tickets
    where agent_id is not null
    union all
    -- Rated long ago, and without a ticket since.
    select
        agent_id,
        null,
        null,
        sent_at,
    from survey_responses
    where agent_id is not null

),

latest as (

    select
        agent_id,
        arg_max(agent_name, [seen_at::varchar, agent_name]) as agent_name,
        arg_max(agent_group, [seen_at::varchar, agent_group])
            filter (where agent_group is not null) as agent_group,
    from seen
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

        -- numerics
        agent_settings.least_cases,
    from latest
    cross join agent_settings

)

select * from final
