with

-- The struct is that of a ticket's own comments.
exported as (

    select
        file_id,
        row_no,
        json_transform(record, '{
            "ticket_id": "VARCHAR",
            "id": "VARCHAR",
            "author_id": "VARCHAR",
            "author": {"id": "VARCHAR", "role": "VARCHAR"},
            "public": "VARCHAR",
            "via": {"channel": "VARCHAR"},
            "created_at": "VARCHAR"
        }') as message,
    from raw.zendesk__ticket_comments

),

messages as (

    select
        file_id,
        row_no,
        message.ticket_id as ticket_id,
        message,
    from exported
    union all
    select
        file_id,
        row_no,
        ticket_id,
        unnest(ticket.comments) as message,
    from base_zendesk__tickets

),

described as (

    select
        *,
        coalesce(message.author_id, message.author.id) as author_id,
        coalesce(lower(message.via.channel), '') as via_channel,
    from messages
    where ticket_id is not null and message.public = 'true'

),

judged as (

    select
        *,
        via_channel like '%bot%' as is_from_bot,
    from described

),

-- Triggers and automations write public comments too.
renamed as (

    select
        -- ids
        coalesce(
            message.id,
            md5(concat_ws('|', ticket_id, author_id, message.created_at))
        ) as message_id,
        ticket_id,
        'zendesk user '
        || case when is_from_bot then coalesce(author_id, 'bot') else author_id end
            as author_ref,

        -- booleans
        (message.author.role in ('agent', 'admin'))::varchar as is_from_agent,
        is_from_bot::varchar as is_from_bot,

        -- timestamps
        message.created_at as written_at,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from judged
    where
        is_from_bot
        or (via_channel not in ('rule', 'system') and author_id not like '-%')

)

select * from renamed
