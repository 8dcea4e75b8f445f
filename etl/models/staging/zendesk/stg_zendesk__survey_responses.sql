with

ratings as (

    select
        file_id,
        row_no,
        record ->> '$.ticket_id' as ticket_id,
        lower(record ->> '$.score') as score,
        record ->> '$.comment' as comment,
        record ->> '$.requester_id' as requester_id,
        record ->> '$.created_at' as created_at,
        coalesce(record ->> '$.updated_at', record ->> '$.created_at')
            as updated_at,
        true as is_dated,
    from raw.zendesk__satisfaction_ratings
    where (record ->> '$.ticket_id') is not null

),

-- A ticket carries its current rating without its time: the ticket's last
-- change is the nearest known (and never earlier than the answer).
ticket_ratings as (

    select
        file_id,
        row_no,
        ticket_id,
        lower(case json_type(ticket.satisfaction_rating)
            when 'OBJECT' then ticket.satisfaction_rating ->> '$.score'
            else ticket.satisfaction_rating ->> '$'
        end) as score,
        case json_type(ticket.satisfaction_rating)
            when 'OBJECT' then ticket.satisfaction_rating ->> '$.comment'
        end as comment,
        requester_id,
        coalesce(
            ticket.metric_set ->> '$.solved_at',
            ticket.metrics ->> '$.solved_at',
            ticket.updated_at,
            ticket.created_at
        ) as created_at,
        coalesce(ticket.updated_at, ticket.created_at) as updated_at,
        false as is_dated,
    from base_zendesk__tickets
    where
        json_type(ticket.satisfaction_rating) in ('OBJECT', 'VARCHAR')
        and lower(ticket.status) <> 'deleted'

),

people as (

    select * from base_zendesk__people

),

offered as (

    select
        *,
        case when score not in ('offered', 'unoffered')
            then replace(score, '_with_comment', '')
        end as answer,
    from (
        select * from ratings
        union all
        select * from ticket_ratings
    ) as everything
    where score is not null and score <> 'unoffered'

),

-- One survey a ticket: an answer wins over the offer, then the newest. Of the
-- ticket's copy and the rating itself, the rating knows the time.
ranked as (

    select
        *,
        min(created_at) filter (where is_dated) over (partition by ticket_id)
            as first_offered_at,
        max(updated_at) filter (where is_dated)
            over (partition by ticket_id, answer) as answered_at,
        row_number() over (
            partition by ticket_id
            order by
                answer is not null desc,
                updated_at desc,
                file_id desc,
                row_no desc
        ) as survey_rank,
    from offered

),

renamed as (

    select
        -- ids
        'ticket:' || ranked.ticket_id as survey_response_id,
        ranked.ticket_id,
        null::varchar as order_id,
        null::varchar as product_id,
        lower(coalesce(
            nullif(people.email, ''),
            'zendesk user ' || ranked.requester_id
        )) as customer_ref,

        -- text
        'overall' as survey_dimension,
        case
            when regexp_full_match(ranked.answer, '[1-5]') then '1-5'
            else 'good_bad'
        end as scale,
        ranked.answer as score,
        ranked.comment,
        null::varchar as market,
        null::varchar as channel,

        -- timestamps
        coalesce(ranked.first_offered_at, ranked.created_at) as sent_at,
        case
            when ranked.answer is not null
                then coalesce(ranked.answered_at, ranked.updated_at)
        end as responded_at,
        ranked.updated_at,

        ranked.file_id as _file_id,
        ranked.row_no as _row_no,
        'UTC' as _time_zone,
    from ranked
    left join people on ranked.requester_id = people.person_id
    where ranked.survey_rank = 1

)

select * from renamed
