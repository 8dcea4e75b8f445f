with

survey_responses as (

    select * from staging.survey_responses

),

orders as (

    select * from staging.int_orders

),

persons as (

    select * from staging.int_persons

),

channels as (

    select * from staging.int_channels where kind = 'contact'

),

-- When two systems use one number, the second keeps its system's name before
-- it. With one system, the usual case, there is nothing to look at.
later_rows as (

    select
        source_system,
        survey_response_id,
    from survey_responses
    where source_system > (select min(source_system) from survey_responses)

),

repeated as (

    select distinct
        later_rows.source_system,
        later_rows.survey_response_id,
    from later_rows
    inner join survey_responses as earlier
        on later_rows.survey_response_id = earlier.survey_response_id
        and earlier.source_system < later_rows.source_system

),

numbered as (

    select
        survey_responses.*,
        repeated.survey_response_id is not null as is_repeated,
    from survey_responses
    left join repeated
        on survey_responses.source_system = repeated.source_system
        and survey_responses.survey_response_id = repeated.survey_response_id

),

-- The ticket a survey rates is of its own system: numbers repeat across desks,
-- and a repeated one bears its system's name in the mart.
tickets as (

    select
        *,
        case
            when starts_with(ticket_id, source_system || '/')
                then substr(ticket_id, length(source_system) + 2)
            else ticket_id
        end as source_ticket_id,
    from main.tickets

),

joined as (

    select
        numbered.*,
        case
            when numbered.is_repeated
                then numbered.source_system || '/' || numbered.survey_response_id
            else numbered.survey_response_id
        end as own_id,
        coalesce(tickets.ticket_id, numbered.ticket_id) as rated_ticket_id,
        coalesce(
            orders.order_id,
            ltrim(numbered.order_id, '#'),
            tickets.order_id
        ) as rated_order_id,
        coalesce(
            numbered.product_id,
            nullif(tickets.product_id, 'unknown'),
            orders.only_product_id,
            'unknown'
        ) as rated_product_id,
        coalesce(
            tickets.customer_id,
            persons.customer_id,
            numbered.customer_ref,
            orders.customer_id
        ) as customer_id,
        coalesce(
            numbered.market,
            nullif(tickets.market, 'unknown'),
            orders.market,
            'unknown'
        ) as rated_market,
        coalesce(channels.channel, tickets.channel, 'unknown') as rated_channel,
        case numbered.scale
            when 'good_bad' then
                case lower(numbered.score) when 'good' then 5 when 'bad' then 1
                end
            else try_cast(numbered.score as double)
        end::double as points,
    from numbered
    left join tickets
        on numbered.source_system = tickets.source_system
        and numbered.ticket_id = tickets.source_ticket_id
    left join orders on ltrim(numbered.order_id, '#') = orders.order_id
    left join persons
        on numbered.source_system = persons.source_system
        and numbered.customer_ref = persons.customer_ref
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
        own_id as survey_response_id,
        source_system,
        rated_ticket_id as ticket_id,
        rated_order_id as order_id,
        rated_product_id as product_id,
        customer_id,

        -- text
        coalesce(lower(survey_dimension), 'overall') as survey_dimension,
        scale,
        comment,
        rated_market as market,
        rated_channel as channel,

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
