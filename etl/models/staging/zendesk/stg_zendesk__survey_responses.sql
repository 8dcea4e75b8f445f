with

ratings as (

    select
        file_id,
        row_no,
        json_transform(record, '{
            "id": "VARCHAR",
            "ticket_id": "VARCHAR",
            "requester_id": "VARCHAR",
            "assignee_id": "VARCHAR",
            "score": "VARCHAR",
            "comment": "VARCHAR",
            "created_at": "VARCHAR",
            "updated_at": "VARCHAR"
        }') as rating,
    from raw.zendesk__satisfaction_ratings

),

-- A ticket carries its current rating, an object or its score alone.
rated_tickets as (

    select
        *,
        json_transform(
            case json_type(ticket.satisfaction_rating)
                when 'OBJECT' then ticket.satisfaction_rating
                when 'VARCHAR'
                    then json_object('score', ticket.satisfaction_rating)
            end,
            '{"score": "VARCHAR", "comment": "VARCHAR"}'
        ) as rating,
    from base_zendesk__tickets
    where
        json_type(ticket.satisfaction_rating) in ('OBJECT', 'VARCHAR')
        and coalesce(lower(ticket.status), '') <> 'deleted'

),

-- The ticket does not say when: its last solution and its last change are the
-- nearest known (and never earlier than the answer).
surveys as (

    select
        file_id,
        row_no,
        rating.ticket_id as ticket_id,
        'rating:' || coalesce(
            rating.id,
            md5(concat_ws('|', rating.ticket_id, rating.created_at))
        ) as survey_id,
        rating.requester_id as requester_id,
        rating.assignee_id as assignee_id,
        lower(rating.score) as score,
        rating.comment as comment,
        rating.created_at as created_at,
        coalesce(rating.updated_at, rating.created_at) as updated_at,
        true as is_dated,
    from ratings
    union all
    select
        file_id,
        row_no,
        ticket_id,
        'ticket:' || ticket_id as survey_id,
        requester_id,
        null as assignee_id,
        lower(rating.score) as score,
        rating.comment as comment,
        coalesce(
            metric_set.solved_at,
            ticket.updated_at,
            ticket.created_at
        ) as created_at,
        coalesce(ticket.updated_at, ticket.created_at) as updated_at,
        false as is_dated,
    from rated_tickets

),

judged as (

    select
        *,
        case when score <> 'offered' then replace(score, '_with_comment', '') end
            as answer,
    from surveys
    where ticket_id is not null and score <> 'unoffered'

),

-- The offer has a row of its own: it must not take the place of the answer.
-- int_survey_responses chooses.
renamed as (

    select
        -- ids
        case when answer is null then survey_id || ':offer' else survey_id end
            as survey_response_id,
        'ticket:' || ticket_id as survey_key,
        ticket_id,
        null::varchar as order_id,
        null::varchar as product_id,
        'zendesk user ' || requester_id as customer_ref,
        'zendesk user ' || assignee_id as agent_id,

        -- text
        'overall' as survey_dimension,
        case
            when regexp_full_match(answer, '[1-5]') then '1-5'
            else 'good_bad'
        end as scale,
        answer as score,
        comment,
        null::varchar as market,
        null::varchar as channel,

        -- booleans
        is_dated::varchar as is_dated,

        -- timestamps
        created_at as sent_at,
        case when answer is not null then updated_at end as responded_at,
        updated_at,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from judged

)

select * from renamed
