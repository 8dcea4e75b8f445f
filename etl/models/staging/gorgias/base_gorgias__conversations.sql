-- Who wrote first, what, and when a person of the team answered in public. One
-- row per ticket and version that comes with its messages.
with

messages as (

    select
        file_id,
        row_no,
        lower(fields.from_agent) = 'true' as is_ticket_from_team,
        unnest(fields.messages) as message,
    from base_gorgias__records
    where is_ticket

),

described as (

    select
        file_id,
        row_no,
        is_ticket_from_team,
        message.failed_datetime is null
        and message.deleted_datetime is null
        and coalesce(
            lower(message.public) = 'true',
            coalesce(message.channel, '') <> 'internal-note'
        ) as is_seen,
        coalesce(lower(message.from_agent) = 'true', false) as is_from_team,
        -- Rules, flows of the chat and bots write in public too: no reply.
        message.rule_id is null
        and coalesce(lower(message.via), '')
        not in ('rule', 'self_service', 'offline_capture', 'flow')
        and not regexp_matches(
            lower(coalesce(message.sender.email, '')),
            '^bot@|bot@([a-z0-9-]+\.)*gorgias\.(com|io)$'
        )
        and not regexp_matches(
            lower(coalesce(message.sender.name, '')),
            '\b(bot|ai agents?)\b'
        ) as is_by_person,
        coalesce(
            nullif(message.stripped_text, ''),
            message.body_text
        ) as message_text,
        (try_cast(
            coalesce(message.sent_datetime, message.created_datetime)
            as timestamptz
        ) at time zone 'UTC') as written_at,
    from messages

),

ordered as (

    select
        *,
        min(written_at) filter (where is_seen and not is_from_team)
            over (partition by file_id, row_no) as asked_at,
        coalesce(
            is_ticket_from_team,
            first_value(is_from_team) over (
                partition by file_id, row_no
                order by is_seen desc, written_at
            )
        ) as is_opened_by_team,
    from described

),

-- The team's own first message is no reply: where it wrote first, only what
-- follows the customer's answer is.
judged as (

    select
        *,
        is_seen
        and is_from_team
        and is_by_person
        and coalesce(written_at >= asked_at, not is_opened_by_team)
            as is_reply,
    from ordered

),

conversations as (

    select
        file_id,
        row_no,
        any_value(is_opened_by_team) as is_opened_by_team,
        arg_min(message_text, written_at)
            filter (where is_seen and not is_from_team) as first_question,
        min(written_at) filter (where is_reply) as replied_at,
        count(*) filter (where is_reply) as reply_count,
    from judged
    group by file_id, row_no

)

select * from conversations
