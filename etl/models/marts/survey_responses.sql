with

survey_responses as (

    select * from staging.int_survey_responses

),

orders as (

    select * from staging.int_orders

),

survey_ids as (

    select * from staging.int_ids where entity = 'survey_responses'

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

channels as (

    select * from staging.int_channels where kind = 'contact'

),

tickets as (

    select * from main.tickets

),

numbered as (

    select
        survey_responses.* exclude (survey_response_id, ticket_id, order_id),
        coalesce(survey_ids.id, survey_responses.survey_response_id)
            as survey_response_id,
        case
            when ticket_ids.source_id is null then survey_responses.ticket_id
            else ticket_ids.id
        end as ticket_id,
        case
            when order_ids.source_id is null
                then ltrim(survey_responses.order_id, '#')
            else order_ids.id
        end as order_id,
    from survey_responses
    left join survey_ids
        on survey_responses.source_system = survey_ids.source_system
        and survey_responses.survey_response_id = survey_ids.source_id
    left join ticket_ids
        on survey_responses.source_system = ticket_ids.source_system
        and survey_responses.ticket_id = ticket_ids.source_id
    left join order_ids
        on survey_responses.source_system = order_ids.source_system
        and survey_responses.order_id = order_ids.source_id

),

joined as (

    select
        numbered.*,
        coalesce(numbered.order_id, tickets.order_id) as rated_order_id,
        coalesce(
            numbered.product_id,
            nullif(tickets.product_id, 'unknown'),
            orders.only_product_id,
            'unknown'
        ) as rated_product_id,
        coalesce(
            tickets.customer_id,
            person_ids.id,
            numbered.customer_ref,
            orders.customer_id
        ) as customer_id,
        -- Whoever had the ticket when it was rated, else who has it now.
        coalesce(numbered.agent_id, tickets.agent_id) as rated_agent_id,
        coalesce(
            numbered.market,
            nullif(tickets.market, 'unknown'),
            orders.market,
            'unknown'
        ) as rated_market,
        coalesce(channels.channel, tickets.channel, 'unknown') as rated_channel,
        coalesce(tickets.agent_group, 'unknown') as agent_group,
        case numbered.scale
            when 'good_bad' then
                case lower(numbered.score) when 'good' then 5 when 'bad' then 1
                end
            else try_cast(numbered.score as double)
        end::double as points,
    from numbered
    left join tickets on numbered.ticket_id = tickets.ticket_id
    left join orders on numbered.order_id = orders.order_id
    left join person_ids
        on numbered.source_system = person_ids.source_system
        and numbered.customer_ref = person_ids.source_id
    left join channels
        on numbered.source_system = channels.source_system
        and numbered.channel = channels.channel_raw

),

scored as (

    select
        *,
        case when points between 1 and 5 then points end as valid_points,
    from joined

),

final as (

    select
        -- ids
        survey_response_id,
        source_system,
        ticket_id,
        rated_order_id as order_id,
        rated_product_id as product_id,
        customer_id,
        rated_agent_id as agent_id,

        -- text
        coalesce(
            regexp_replace(lower(survey_dimension), '[\s-]+', '_', 'g'),
            'overall'
        ) as survey_dimension,
        scale,
        comment,
        text_reason as comment_reason,
        rated_market as market,
        rated_channel as channel,
        agent_group,

        -- numerics
        valid_points as score,

        -- booleans
        valid_points is not null as is_rated,
        valid_points >= 4 as is_satisfied,

        -- timestamps
        sent_at,
        sent_at_local,
        case when valid_points is not null
            then coalesce(responded_at, sent_at)
        end as responded_at,
        case when valid_points is not null
            then coalesce(responded_at_local, sent_at_local)
        end as responded_at_local,
    from scored

)

select * from final
