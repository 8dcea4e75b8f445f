with

-- Tickets that carry their messages tell of replies themselves.
messages as (

    select *
    from base_gorgias__messages
    where
        is_listed
        and is_seen
        and (is_by_person or is_by_bot or not is_from_team)

),

renamed as (

    select
        -- ids
        message_id,
        ticket_id,
        lower(coalesce(
            nullif(sender.email, ''),
            if(is_from_team, 'gorgias user ', 'gorgias customer ')
            || sender.id,
            if(is_from_team, 'gorgias user', 'gorgias customer')
        )) as author_ref,

        -- booleans
        is_from_team::varchar as is_from_agent,
        (is_from_team and is_by_bot)::varchar as is_from_bot,

        -- timestamps
        regexp_replace(written, '(T[0-9:.]+)$', '\1Z') as written_at,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from messages

)

select * from renamed
