with

tickets as (

    select * from base_zendesk__tickets

),

people as (

    select * from base_zendesk__people

),

ticket_fields as (

    select * from base_zendesk__ticket_fields

),

first_replies as (

    select * from base_zendesk__first_replies

),

teams as (

    select
        record ->> '$.id' as group_id,
        arg_max(record ->> '$.name', [file_id, row_no]) as group_name,
    from raw.zendesk__groups
    group by group_id

),

exported_metrics as (

    select
        record ->> '$.ticket_id' as ticket_id,
        arg_max(
            record,
            (coalesce(record ->> '$.updated_at', ''), file_id, row_no)
        ) as metric_set,
    from raw.zendesk__ticket_metrics
    where (record ->> '$.ticket_id') is not null
    group by all

),

joined as (

    select
        tickets.*,
        ticket_fields.order_id,
        ticket_fields.product_id,
        ticket_fields.market,
        ticket_fields.language,
        ticket_fields.reason_raw,
        coalesce(exported_metrics.metric_set, tickets.metric_set) as metrics,
        first_replies.replied_at as commented_at,
        requester.email as requester_email,
        requester.locale as requester_locale,
        coalesce(submitter.role, tickets.ticket.submitter.role)
            as submitter_role,
        teams.group_name,
    from tickets
    left join ticket_fields
        on tickets.file_id = ticket_fields.file_id
        and tickets.row_no = ticket_fields.row_no
    left join exported_metrics
        on tickets.ticket_id = exported_metrics.ticket_id
    left join first_replies on tickets.ticket_id = first_replies.ticket_id
    left join people as requester on tickets.requester_id = requester.person_id
    left join people as submitter on tickets.submitter_id = submitter.person_id
    left join teams on tickets.group_id = teams.group_id

),

measured as (

    select
        *,
        coalesce(
            try_cast(metrics ->> '$.reply_time_in_seconds.calendar' as double),
            60 * try_cast(
                metrics ->> '$.reply_time_in_minutes.calendar' as double
            )
        ) as reply_seconds,
        60 * try_cast(
            metrics ->> '$.first_resolution_time_in_minutes.calendar' as double
        ) as first_resolution_seconds,
        coalesce(lower(ticket.via.channel), '') as via_channel,
        coalesce(ticket.via.source.rel, '') as via_relation,
    from joined

),

renamed as (

    select
        -- ids
        ticket_id,
        order_id,
        product_id,
        lower(coalesce(
            nullif(requester_email, ''),
            nullif(ticket.requester.email, ''),
            nullif(ticket.via.source."from".address, ''),
            'zendesk user ' || requester_id
        )) as customer_ref,
        coalesce(ticket.assignee_id, ticket.assignee.id) as agent_id,

        -- text
        ticket.via.channel as channel,
        lower(left(coalesce(
            language,
            requester_locale,
            ticket.requester.locale
        ), 2)) as language,
        market,
        case
            when list_contains(ticket.tags, 'closed_by_merge') then 'merged'
            else ticket.status
        end as status,
        ticket.priority as priority,
        reason_raw,
        coalesce(ticket.raw_subject, ticket.subject) as subject,
        ticket.description as body,
        coalesce(group_name, ticket.group.name, group_id) as agent_group,

        -- numerics
        round(reply_seconds / 60)::bigint::varchar
            as first_reply_minutes_reported,
        metrics ->> '$.replies' as agent_replies,
        metrics ->> '$.reopens' as reopens,

        -- booleans: an agent who writes down a call that came in did not
        -- start it.
        (
            submitter_id is not null
            and submitter_id is distinct from requester_id
            and coalesce(submitter_role, 'agent') in ('agent', 'admin')
            and not (
                via_channel in ('voice', 'phone')
                and via_relation in ('inbound', 'voicemail')
            )
        )::varchar as is_agent_initiated,

        -- timestamps
        ticket.created_at as created_at,
        strftime(
            coalesce(
                commented_at,
                opened_at + to_milliseconds((1000 * reply_seconds)::bigint)
            ),
            '%Y-%m-%dT%H:%M:%SZ'
        ) as first_replied_at,
        strftime(
            opened_at
            + to_milliseconds((1000 * first_resolution_seconds)::bigint),
            '%Y-%m-%dT%H:%M:%SZ'
        ) as first_solved_at,
        metrics ->> '$.solved_at' as solved_at,
        ticket.updated_at as updated_at,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from measured

)

select * from renamed
