-- One row per ticket, survey or message and version. Lists of customers, users
-- and events come in the same envelope and are left out.
with

-- Parsed once a record: asking the text field by field costs ten times more.
parsed as (

    select
        file_id,
        row_no,
        json_transform(record, '{
            "id": "VARCHAR",
            "ticket_id": "VARCHAR",
            "status": "VARCHAR",
            "channel": "VARCHAR",
            "priority": "VARCHAR",
            "language": "VARCHAR",
            "subject": "VARCHAR",
            "excerpt": "VARCHAR",
            "from_agent": "VARCHAR",
            "spam": "VARCHAR",
            "customer": {
                "id": "VARCHAR",
                "email": "VARCHAR",
                "channels": [{"type": "VARCHAR", "address": "VARCHAR"}],
                "integrations": "JSON"
            },
            "requester": {"id": "VARCHAR", "email": "VARCHAR"},
            "assignee_user": {"id": "VARCHAR", "name": "VARCHAR"},
            "assignee_team": {"id": "VARCHAR", "name": "VARCHAR"},
            "tags": ["JSON"],
            "custom_fields": "JSON",
            "meta": {
                "order_name": "VARCHAR",
                "order_number": "VARCHAR",
                "order_id": "VARCHAR",
                "sku": "VARCHAR"
            },
            "messages": [{
                "id": "VARCHAR",
                "channel": "VARCHAR",
                "via": "VARCHAR",
                "public": "VARCHAR",
                "from_agent": "VARCHAR",
                "rule_id": "VARCHAR",
                "sender": {
                    "id": "VARCHAR", "email": "VARCHAR", "name": "VARCHAR"
                },
                "stripped_text": "VARCHAR",
                "body_text": "VARCHAR",
                "created_datetime": "VARCHAR",
                "sent_datetime": "VARCHAR",
                "failed_datetime": "VARCHAR",
                "deleted_datetime": "VARCHAR"
            }],
            "satisfaction_survey": {
                "score": "VARCHAR",
                "body_text": "VARCHAR",
                "created_datetime": "VARCHAR",
                "sent_datetime": "VARCHAR",
                "scored_datetime": "VARCHAR"
            },
            "score": "VARCHAR",
            "scored_datetime": "VARCHAR",
            "via": "VARCHAR",
            "public": "VARCHAR",
            "rule_id": "VARCHAR",
            "sender": {"id": "VARCHAR", "email": "VARCHAR", "name": "VARCHAR"},
            "stripped_text": "VARCHAR",
            "body_text": "VARCHAR",
            "sent_datetime": "VARCHAR",
            "failed_datetime": "VARCHAR",
            "created_datetime": "VARCHAR",
            "updated_datetime": "VARCHAR",
            "closed_datetime": "VARCHAR",
            "snooze_datetime": "VARCHAR",
            "trashed_datetime": "VARCHAR",
            "deleted_datetime": "VARCHAR"
        }') as fields,
    from raw.gorgias__records

),

-- A ticket has no ticket_id, a survey no channel. A survey not yet sent is
-- nobody's yet.
sorted as (

    select
        *,
        case
            when fields.ticket_id is null
                then if(
                    fields.status is not null or fields.channel is not null,
                    'ticket',
                    null
                )
            when fields.channel is not null then 'message'
            when fields.score is not null or fields.sent_datetime is not null
                then 'survey'
        end as kind,
    from parsed

),

source as (

    select
        file_id,
        row_no,
        kind,
        fields,
        coalesce(fields.ticket_id, fields.id) as ticket_id,
        (try_cast(fields.created_datetime as timestamptz) at time zone 'UTC')
            as opened_at,
        fields.trashed_datetime is not null
        or fields.deleted_datetime is not null as is_trashed,
        coalesce(lower(fields.spam) = 'true', false) as is_spam,
        -- A ticket put off until later is closed to the API.
        coalesce(
            lower(fields.status) = 'closed'
            and try_cast(fields.snooze_datetime as timestamptz)
            > try_cast(fields.updated_datetime as timestamptz),
            false
        ) as is_snoozed,
    from sorted
    where kind is not null

)

select * from source
