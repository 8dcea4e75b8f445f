with

survey_responses as (

    select * from staging.survey_responses

),

staged_tickets as (

    select * from staging.tickets

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

numbered as (

    select
        *,
        row_number() over (
            partition by survey_response_id
            order by source_system
        ) as id_rank,
    from survey_responses

),

-- The ticket a survey rates is of its own system: numbers repeat across desks.
ticket_ids as (

    select
        source_system,
        ticket_id as source_ticket_id,
        case
            when row_number() over (
                partition by ticket_id
                order by source_system
            ) = 1 then ticket_id
            else source_system || '/' || ticket_id
        end as ticket_id,
    from staged_tickets

),

tickets as (

    select * from main.tickets

),

joined as (

    select
        numbered.*,
        case
            when numbered.id_rank = 1 then numbered.survey_response_id
            else numbered.source_system || '/' || numbered.survey_response_id
        end as own_id,
        coalesce(ticket_ids.ticket_id, numbered.ticket_id) as rated_ticket_id,
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
    left join ticket_ids
        on numbered.source_system = ticket_ids.source_system
        and numbered.ticket_id = ticket_ids.source_ticket_id
    left join tickets on ticket_ids.ticket_id = tickets.ticket_id
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
