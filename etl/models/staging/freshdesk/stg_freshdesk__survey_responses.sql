with

tickets as (

    select * from base_freshdesk__tickets

),

survey_words as (

    select * from staging.freshdesk_survey_words

),

-- The label of the chosen answer, which the seller may have dressed with signs.
answered as (

    select
        *,
        trim(regexp_replace(
            replace(lower(survey_results), '’', ''''),
            '[^\p{L}\p{N}''.-]+',
            ' ',
            'g'
        )) as answer,
    from tickets
    where regexp_matches(survey_results, '[\p{L}\p{N}]')

),

scored as (

    select
        answered.*,
        -- A label nobody knows goes to quarantine as it stands.
        coalesce(survey_words.score, answered.survey_results) as score,
    from answered
    left join survey_words on answered.answer = survey_words.answer

),

renamed as (

    select
        -- ids
        'ticket:' || ticket_id as survey_response_id,
        ticket_id,
        order_id,
        product_id,
        coalesce(email, 'freshdesk contact ' || contact_id) as customer_ref,

        -- text
        'overall' as survey_dimension,
        '1-5' as scale,
        score,
        null::varchar as comment,
        null::varchar as market,
        null::varchar as channel,

        -- timestamps; the export has none of the survey's own.
        coalesce(resolved_time, closed_time, last_update_time, created_time)
            as sent_at,
        last_update_time as responded_at,
        last_update_time as updated_at,

        file_id as _file_id,
        row_no as _row_no,
        time_zone as _time_zone,
    from scored

)

select * from renamed
