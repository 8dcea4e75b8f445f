with

tickets as (

    select * from base_gorgias__records where kind = 'ticket'

),

conversations as (

    select * from base_gorgias__conversations

),

ticket_fields as (

    select * from base_gorgias__ticket_fields

),

joined as (

    select
        tickets.*,
        ticket_fields.order_id,
        ticket_fields.product_id,
        ticket_fields.market,
        ticket_fields.language,
        ticket_fields.reason_raw,
        conversations.replied_at,
        conversations.reply_count,
        conversations.bot_reply_count,
        conversations.first_question,
        coalesce(
            lower(tickets.fields.from_agent) = 'true',
            conversations.is_opened_by_team
        ) as is_opened_by_team,
    from tickets
    left join ticket_fields
        on tickets.file_id = ticket_fields.file_id
        and tickets.row_no = ticket_fields.row_no
    left join conversations
        on tickets.file_id = conversations.file_id
        and tickets.row_no = conversations.row_no

),

renamed as (

    select
        -- ids
        ticket_id,
        order_id,
        product_id,
        lower(coalesce(
            nullif(fields.customer.email, ''),
            nullif(fields.requester.email, ''),
            list_filter(
                fields.customer.channels,
                lambda address: address.type = 'email'
            )[1].address,
            'gorgias customer '
            || coalesce(fields.customer.id, fields.requester.id)
        )) as customer_ref,
        'gorgias user ' || fields.assignee_user.id as agent_id,

        -- text
        fields.channel as channel,
        lower(left(coalesce(language, fields.language), 2)) as language,
        market,
        case
            when is_trashed then 'deleted'
            when is_spam then 'spam'
            when is_snoozed then 'snoozed'
            else fields.status
        end as status,
        case lower(fields.priority)
            when 'critical' then 'urgent'
            else fields.priority
        end as priority,
        reason_raw,
        fields.subject as subject,
        coalesce(first_question, fields.excerpt) as body,
        coalesce(fields.assignee_team.name, fields.assignee_team.id)
            as agent_group,
        fields.assignee_user.name as agent_name,

        -- numerics
        null::varchar as first_reply_minutes_reported,
        reply_count::varchar as agent_replies,
        bot_reply_count::varchar as bot_replies,
        null::varchar as reopens,

        -- booleans
        is_opened_by_team::varchar as is_agent_initiated,
        (reply_count is not null)::varchar as is_reply_known,

        -- timestamps; the API's are UTC, whether it writes the offset or not.
        regexp_replace(fields.created_datetime, '(T[0-9:.]+)$', '\1Z')
            as created_at,
        strftime(replied_at, '%Y-%m-%dT%H:%M:%S.%fZ')
            as first_replied_at,
        -- A reopened ticket loses its time of closing: only the last is known.
        null::varchar as first_solved_at,
        case
            when lower(fields.status) = 'closed'
                and not (is_snoozed or is_trashed or is_spam)
                then regexp_replace(
                    fields.closed_datetime,
                    '(T[0-9:.]+)$',
                    '\1Z'
                )
        end as solved_at,
        regexp_replace(fields.updated_datetime, '(T[0-9:.]+)$', '\1Z')
            as updated_at,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from joined

)

select * from renamed
