with

tickets as (

    select * from base_freshdesk__tickets

),

solved_statuses as (

    select status_raw
    from staging.ticket_status_map
    where status in ('solved', 'closed')

),

priorities(written, priority) as (

    values
    ('1', 'low'), ('niedrig', 'low'), ('basse', 'low'), ('faible', 'low'),
    ('baja', 'low'), ('baixa', 'low'), ('低', 'low'),
    ('2', 'normal'), ('medium', 'normal'), ('mittel', 'normal'),
    ('moyenne', 'normal'), ('media', 'normal'), ('média', 'normal'),
    ('中', 'normal'),
    ('3', 'high'), ('hoch', 'high'), ('haute', 'high'), ('élevée', 'high'),
    ('alta', 'high'), ('高', 'high'),
    ('4', 'urgent'), ('dringend', 'urgent'), ('urgente', 'urgent'),
    ('緊急', 'urgent'), ('紧急', 'urgent')

),

tags as (

    select
        file_id,
        row_no,
        unnest(string_split(tags, ',')) as tag,
        generate_subscripts(string_split(tags, ','), 1) as position,
    from tickets

),

-- The type is a list of the seller's own, but begins as the tool's, which says
-- what is asked of the team and not why.
words as (

    select
        file_id,
        row_no,
        0 as place,
        ticket_type as word,
    from tickets
    where lower(ticket_type) <> 'question'
    union all
    select
        file_id,
        row_no,
        position as place,
        trim(tag) as word,
    from tags

),

known_reasons as (

    select
        words.file_id,
        words.row_no,
        arg_min(words.word, words.place) as reason_raw,
    from words
    semi join staging.reason_map as reason_map
        on lower(words.word) = reason_map.reason_raw
        and reason_map.source_system in ('freshdesk', '*')
    group by words.file_id, words.row_no

),

joined as (

    select
        tickets.*,
        coalesce(
            tickets.reason,
            known_reasons.reason_raw,
            case
                when lower(tickets.ticket_type) not in (
                    'incident', 'problem', 'feature request', 'request',
                    'service request', 'service task', 'task'
                ) then tickets.ticket_type
            end
        ) as reason_raw,
        coalesce(priorities.priority, tickets.priority) as canonical_priority,
        solved_statuses.status_raw is not null as is_solved,
        (case
            when regexp_matches(tickets.created_time, '(Z|[+-]\d{2}:?\d{2})$')
                then try_cast(tickets.created_time as timestamptz)
            else timezone(
                tickets.time_zone,
                try_cast(tickets.created_time as timestamp)
            )
        end at time zone 'UTC') as opened_at,
    from tickets
    left join known_reasons
        on tickets.file_id = known_reasons.file_id
        and tickets.row_no = known_reasons.row_no
    left join priorities on tickets.priority = priorities.written
    left join solved_statuses
        on lower(tickets.status) = solved_statuses.status_raw

),

renamed as (

    select
        -- ids
        ticket_id,
        order_id,
        product_id,
        coalesce(email, 'freshdesk contact ' || contact_id) as customer_ref,
        'freshdesk agent ' || agent as agent_id,

        -- text
        source as channel,
        case
            when regexp_matches(language, '^[a-z]{2}([-_]|$)')
                then left(language, 2)
        end as language,
        null::varchar as market,
        status,
        canonical_priority as priority,
        reason_raw,
        subject,
        description as body,
        agent_group,
        agent as agent_name,

        -- numerics; hours of the office where no time says it better.
        case
            when initial_response_time is null
                then round(first_response_seconds / 60)::bigint::varchar
        end as first_reply_minutes_reported,
        agent_interactions as agent_replies,
        null::varchar as reopens,

        -- booleans: trackers and children are the team's own.
        (
            coalesce(lower(source), '') in (
                '10', 'outbound email', 'outbound e-mail', 'outbound mail',
                'ausgehende e-mail', 'e-mail sortant',
                'correo electrónico saliente', 'e-mail de saída', '送信メール',
                '外发邮件'
            )
            or coalesce(association_type, '') in ('tracker', 'child')
        )::varchar as is_agent_initiated,
        is_reply_known::varchar as is_reply_known,

        -- timestamps
        created_time as created_at,
        initial_response_time as first_replied_at,
        -- Reopening takes the time away: only the last solution is known.
        null::varchar as first_solved_at,
        coalesce(
            resolved_time,
            closed_time,
            case when is_solved
                then strftime(
                    opened_at + to_seconds(resolution_seconds),
                    '%Y-%m-%dT%H:%M:%SZ'
                )
            end
        ) as solved_at,
        last_update_time as updated_at,

        file_id as _file_id,
        row_no as _row_no,
        time_zone as _time_zone,
    from joined

)

select * from renamed
