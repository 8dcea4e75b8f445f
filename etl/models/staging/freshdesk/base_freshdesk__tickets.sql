-- One row per ticket and file, cells trimmed, durations in seconds.
with

-- The seller chooses the columns: without these nobody knows when who was answered.
files as (

    select
        file_id,
        list_has_any(
            list_transform(
                columns,
                lambda name: regexp_replace(lower(name), '[^a-z()]', '', 'g')
            ),
            [
                'initialresponsetime', 'firstresponsetime', 'firstrespondedat',
                'firstresponsetime(inhrs)', 'firstresponsetime(inhours)'
            ]
        ) as is_reply_known,
    from raw.files
    where system = 'freshdesk'

),

source as (

    select
        file_id,
        row_no,
        nullif(trim(ticket_id), '') as ticket_id,
        nullif(trim(created_time), '') as created_time,
        nullif(trim(resolved_time), '') as resolved_time,
        nullif(trim(closed_time), '') as closed_time,
        nullif(trim(last_update_time), '') as last_update_time,
        nullif(trim(initial_response_time), '') as initial_response_time,
        trim(first_response_hours) as first_response_hours,
        trim(resolution_hours) as resolution_hours,
        subject,
        description,
        -- Exports by the API hold the numbers of its closed list.
        case trim(status)
            when '2' then 'open'
            when '3' then 'pending'
            when '4' then 'resolved'
            when '5' then 'closed'
            when '6' then 'waiting on customer'
            when '7' then 'waiting on third party'
            else nullif(trim(status), '')
        end as status,
        lower(nullif(trim(priority), '')) as priority,
        nullif(trim(source), '') as source,
        nullif(trim(type), '') as ticket_type,
        nullif(trim(agent), '') as agent,
        nullif(trim(agent_group), '') as agent_group,
        nullif(trim(agent_interactions), '') as agent_interactions,
        tags,
        nullif(trim(survey_results), '') as survey_results,
        lower(trim(association_type)) as association_type,
        lower(nullif(trim(email), '')) as email,
        nullif(trim(contact_id), '') as contact_id,
        lower(trim(language)) as language,
        nullif(trim(order_id), '') as order_id,
        nullif(trim(product_id), '') as product_id,
        nullif(trim(reason), '') as reason,
    from raw.freshdesk__tickets

),

-- HH:MM:SS, HH:MM or hours with a decimal point. A ticket that nobody answered
-- has 00:00:00, so none and nothing are the same.
measured as (

    select
        *,
        list_transform(
            [first_response_hours, resolution_hours],
            lambda written: nullif(case
                when regexp_full_match(written, '\d+:\d{2}(:\d{2})?')
                    then 3600 * try_cast(split_part(written, ':', 1) as bigint)
                    + 60 * try_cast(split_part(written, ':', 2) as bigint)
                    + coalesce(
                        try_cast(split_part(written, ':', 3) as bigint),
                        0
                    )
                when regexp_full_match(written, '\d+(\.\d+)?')
                    then round(3600 * try_cast(written as double))::bigint
            end, 0)
        ) as durations,
    from source

),

zones as (

    select time_zone
    from staging.source_zones
    where source_system = 'freshdesk'

),

zoned as (

    select
        measured.* exclude (first_response_hours, resolution_hours, durations),
        measured.durations[1] as first_response_seconds,
        measured.durations[2] as resolution_seconds,
        coalesce(files.is_reply_known, false) as is_reply_known,
        zones.time_zone,
    from measured
    left join files on measured.file_id = files.file_id
    left join zones on true

)

select * from zoned
