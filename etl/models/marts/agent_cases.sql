-- One table, so that a scorecard needs no join of facts.
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

cases as (

    select
        'ticket:' || ticket_id as case_id,
        'ticket' as kind,
        ticket_id,
        null as survey_response_id,
        agent_id,
        agent_name,
        agent_group,
        market,
        channel,
        first_reply_minutes,
        first_reply_business_minutes,
        full_resolution_minutes,
        reopens,
        is_reply_due,
        is_replied_within_24h,
        is_solved,
        is_one_touch,
        null as score,
        null as is_satisfied,
        created_at as happened_at,
        created_at_local as happened_at_local,
    from tickets
    where agent_id is not null
    union all by name
    -- The agent is the ticket's, whatever the survey asked about; product and
    -- order are not his to be judged by.
    select
        'rating:' || survey_response_id as case_id,
        'rating' as kind,
        ticket_id,
        survey_response_id,
        agent_id,
        agent_group,
        market,
        channel,
        score,
        is_satisfied,
        responded_at as happened_at,
        responded_at_local as happened_at_local,
    from survey_responses
    where
        agent_id is not null
        and is_rated
        and survey_dimension in ('overall', 'after_sales')

),

final as (

    select
        -- ids
        cases.case_id,
        cases.kind,
        cases.ticket_id,
        cases.survey_response_id,
        cases.agent_id,

        -- text
        cases.agent_name,
        cases.agent_group,
        cases.market,
        cases.channel,

        -- numerics
        cases.first_reply_minutes,
        cases.first_reply_business_minutes,
        cases.full_resolution_minutes,
        cases.reopens,
        cases.score::double as score,
        agent_settings.least_cases,

        -- booleans
        coalesce(cases.is_reply_due, false) as is_reply_due,
        coalesce(cases.is_replied_within_24h, false) as is_replied_within_24h,
        coalesce(cases.is_solved, false) as is_solved,
        cases.is_one_touch,
        cases.is_satisfied::boolean as is_satisfied,

        -- timestamps
        cases.happened_at,
        cases.happened_at_local,
    from cases
    cross join agent_settings

)

select * from final
