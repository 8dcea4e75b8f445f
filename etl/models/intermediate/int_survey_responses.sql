-- Surveys, each once: of several records of one survey (`survey_key`) an answer
-- wins over the offer, then the newest. One row per survey.
with

survey_responses as not materialized (

    select * from staging.survey_responses

),

files as (

    select * from staging.files

),

-- Of a ticket's copy of a survey and the survey itself, the latter knows the
-- time.
ranked as (

    select
        survey_responses.*,
        min(survey_responses.sent_at)
            filter (where survey_responses.is_dated)
            over by_survey as own_sent_at,
        min(survey_responses.sent_at_local)
            filter (where survey_responses.is_dated)
            over by_survey as own_sent_at_local,
        max(survey_responses.responded_at)
            filter (where survey_responses.is_dated)
            over by_answer as own_responded_at,
        max(survey_responses.responded_at_local)
            filter (where survey_responses.is_dated)
            over by_answer as own_responded_at_local,
        max(survey_responses.agent_id) over by_answer as own_agent_id,
        row_number() over (
            partition by
                survey_responses.source_system, survey_responses.survey_key
            order by
                survey_responses.score is not null desc,
                survey_responses.updated_at desc nulls last,
                files.modified_at desc nulls last,
                files.path desc,
                survey_responses._row_no desc
        ) as survey_rank,
    from survey_responses
    left join files on survey_responses._file_id = files.file_id
    where survey_responses.survey_key is not null
    window
        by_survey as (
            partition by
                survey_responses.source_system, survey_responses.survey_key
        ),
        by_answer as (
            partition by
                survey_responses.source_system,
                survey_responses.survey_key,
                survey_responses.score
        )

),

newest as (

    select
        * exclude (
            own_sent_at, own_sent_at_local, own_responded_at,
            own_responded_at_local, own_agent_id, survey_rank
        ) replace (
            survey_key as survey_response_id,
            coalesce(agent_id, own_agent_id) as agent_id,
            coalesce(own_sent_at, sent_at) as sent_at,
            coalesce(own_sent_at_local, sent_at_local) as sent_at_local,
            case
                when score is not null
                    then coalesce(own_responded_at, responded_at)
            end as responded_at,
            case
                when score is not null
                    then coalesce(own_responded_at_local, responded_at_local)
            end as responded_at_local
        ),
    from ranked
    where survey_rank = 1

),

final as (

    select * from survey_responses where survey_key is null
    union all
    select * from newest

)

select * from final
