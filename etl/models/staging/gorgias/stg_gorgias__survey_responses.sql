with

records as (

    select * from base_gorgias__records

),

-- A ticket has one survey, and carries it; lists of surveys are the other way.
surveys as (

    select
        file_id,
        row_no,
        ticket_id,
        fields.satisfaction_survey.score as score,
        fields.satisfaction_survey.body_text as body_text,
        fields.satisfaction_survey.created_datetime as created_datetime,
        fields.satisfaction_survey.sent_datetime as sent_datetime,
        fields.satisfaction_survey.scored_datetime as scored_datetime,
    from records
    where kind = 'ticket' and not (is_trashed or is_spam)
    union all
    select
        file_id,
        row_no,
        ticket_id,
        fields.score,
        fields.body_text,
        fields.created_datetime,
        fields.sent_datetime,
        fields.scored_datetime,
    from records
    where kind = 'survey'

),

-- The API's times are UTC, whether it writes the offset or not.
zoned as (

    select
        * exclude (created_datetime, sent_datetime, scored_datetime),
        regexp_replace(created_datetime, '(T[0-9:.]+)$', '\1Z') as created_at,
        regexp_replace(sent_datetime, '(T[0-9:.]+)$', '\1Z') as offered_at,
        regexp_replace(scored_datetime, '(T[0-9:.]+)$', '\1Z') as scored_at,
    from surveys
    where sent_datetime is not null or score is not null

),

renamed as (

    select
        -- ids
        'ticket:' || ticket_id as survey_response_id,
        ticket_id,
        null::varchar as order_id,
        null::varchar as product_id,
        -- The ticket's; a list of surveys has a bare number only.
        null::varchar as customer_ref,

        -- text
        'overall' as survey_dimension,
        '1-5' as scale,
        score,
        body_text as comment,
        null::varchar as market,
        null::varchar as channel,

        -- timestamps
        coalesce(offered_at, scored_at, created_at) as sent_at,
        case when score is not null then scored_at end as responded_at,
        coalesce(scored_at, offered_at, created_at) as updated_at,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from zoned

)

select * from renamed
