with

tickets as (

    select
        *,
        coalesce(
            nullif(ticket.requester.email, ''),
            nullif(ticket.via.source."from".address, '')
        ) as requester_address,
        coalesce(lower(ticket.via.channel), '') as via_channel,
        coalesce(ticket.via.source.rel, '') as via_relation,
    from base_zendesk__tickets

),

ticket_fields as (

    select * from base_zendesk__ticket_fields

),

-- An agent who writes down a call that came in did not start it.
judged as (

    select
        *,
        submitter_id is not null
        and submitter_id is distinct from requester_id
        and coalesce(ticket.submitter.role, 'agent') in ('agent', 'admin')
        and not (
            via_channel in ('voice', 'phone')
            and via_relation in ('inbound', 'voicemail')
        ) as is_agent_initiated,
    from tickets

),

-- Metrics, comments, users and groups come in any file: int_tickets joins them.
renamed as (

    select
        -- ids
        judged.ticket_id,
        ticket_fields.order_id,
        ticket_fields.product_id,
        coalesce(
            'zendesk user ' || judged.requester_id,
            judged.requester_address
        ) as customer_ref,
        case when judged.requester_id is not null then judged.requester_address end
            as person_ref,
        case when judged.is_agent_initiated
            then 'zendesk user ' || judged.submitter_id
        end as submitter_ref,
        'zendesk user '
        || coalesce(judged.ticket.assignee_id, judged.ticket.assignee.id)
            as agent_id,
        judged.group_id as agent_group_id,

        -- text
        judged.ticket.via.channel as channel,
        lower(left(coalesce(
            ticket_fields.language,
            judged.ticket.requester.locale
        ), 2)) as language,
        ticket_fields.market,
        case
            when list_contains(judged.ticket.tags, 'closed_by_merge')
                then 'merged'
            else judged.ticket.status
        end as status,
        judged.ticket.priority as priority,
        ticket_fields.reason_raw,
        coalesce(judged.ticket.raw_subject, judged.ticket.subject) as subject,
        judged.ticket.description as body,
        judged.ticket.group.name as agent_group,
        judged.ticket.assignee.name as agent_name,

        -- numerics
        null::varchar as first_reply_minutes_reported,
        null::varchar as agent_replies,
        null::varchar as reopens,

        -- booleans
        judged.is_agent_initiated::varchar as is_agent_initiated,
        -- Metrics and comments of other files are looked at by int_tickets.
        (judged.metric_set is not null or judged.ticket.comments is not null)
        ::varchar as is_reply_known,

        -- timestamps
        judged.ticket.created_at as created_at,
        null::varchar as first_replied_at,
        null::varchar as first_solved_at,
        null::varchar as solved_at,
        judged.ticket.updated_at as updated_at,

        judged.file_id as _file_id,
        judged.row_no as _row_no,
        'UTC' as _time_zone,
    from judged
    left join ticket_fields
        on judged.file_id = ticket_fields.file_id
        and judged.row_no = ticket_fields.row_no

)

select * from renamed
