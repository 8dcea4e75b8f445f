-- One row per message: those that stand in a ticket, and those of lists of their
-- own.
with

records as (

    select * from base_gorgias__records

),

carried as (

    select
        file_id,
        row_no,
        ticket_id,
        lower(fields.from_agent) = 'true' as is_ticket_from_team,
        unnest(fields.messages) as message,
    from records
    where kind = 'ticket'

),

messages as (

    select
        file_id,
        row_no,
        ticket_id,
        false as is_listed,
        is_ticket_from_team,
        message.id as message_id,
        message.channel,
        message.via,
        message.public,
        message.from_agent,
        message.rule_id,
        message.sender,
        message.stripped_text,
        message.body_text,
        message.created_datetime,
        message.sent_datetime,
        message.failed_datetime,
        message.deleted_datetime,
    from carried
    union all
    select
        file_id,
        row_no,
        ticket_id,
        true as is_listed,
        null as is_ticket_from_team,
        fields.id,
        fields.channel,
        fields.via,
        fields.public,
        fields.from_agent,
        fields.rule_id,
        fields.sender,
        fields.stripped_text,
        fields.body_text,
        fields.created_datetime,
        fields.sent_datetime,
        fields.failed_datetime,
        fields.deleted_datetime,
    from records
    where kind = 'message'

),

senders as (

    select
        *,
        regexp_matches(
            lower(coalesce(sender.email, '')),
            '^bot@|bot@([a-z0-9-]+\.)*gorgias\.(com|io)$'
        )
        or regexp_matches(
            lower(coalesce(sender.name, '')),
            '\b(bot|ai agents?)\b'
        ) as is_bot,
    from messages

),

described as (

    select
        file_id,
        row_no,
        ticket_id,
        is_listed,
        is_ticket_from_team,
        message_id,
        sender,
        failed_datetime is null
        and deleted_datetime is null
        and coalesce(
            lower(public) = 'true',
            coalesce(channel, '') <> 'internal-note'
        ) as is_seen,
        coalesce(lower(from_agent) = 'true', false) as is_from_team,
        -- Rules, flows of the chat and bots write in public too: no reply.
        rule_id is null
        and coalesce(lower(via), '')
        not in ('rule', 'self_service', 'offline_capture', 'flow')
        and not is_bot as is_by_person,
        rule_id is null
        and (is_bot or coalesce(lower(via), '') in ('self_service', 'flow'))
            as is_by_bot,
        coalesce(nullif(stripped_text, ''), body_text) as message_text,
        coalesce(sent_datetime, created_datetime) as written,
        (try_cast(coalesce(sent_datetime, created_datetime) as timestamptz)
            at time zone 'UTC') as written_at,
    from senders

)

select * from described
