-- One row per ticket or survey and version. Lists of messages, customers, users
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
            "assignee_user": {"id": "VARCHAR"},
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
                "channel": "VARCHAR",
                "via": "VARCHAR",
                "public": "VARCHAR",
                "from_agent": "VARCHAR",
                "rule_id": "VARCHAR",
                "sender": {"email": "VARCHAR", "name": "VARCHAR"},
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
            "body_text": "VARCHAR",
            "sent_datetime": "VARCHAR",
            "scored_datetime": "VARCHAR",
            "created_datetime": "VARCHAR",
            "updated_datetime": "VARCHAR",
            "closed_datetime": "VARCHAR",
            "snooze_datetime": "VARCHAR",
            "trashed_datetime": "VARCHAR",
            "deleted_datetime": "VARCHAR"
        }') as fields,
    from raw.gorgias__records

),

sorted as (

    select
        *,
        fields.ticket_id is null
        and (fields.status is not null or fields.channel is not null)
            as is_ticket,
        -- A survey not yet sent is nobody's yet.
        fields.ticket_id is not null
        and fields.channel is null
        and (fields.score is not null or fields.sent_datetime is not null)
            as is_survey,
    from parsed

),

source as (

    select
        file_id,
        row_no,
        fields,
        is_ticket,
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
    where is_ticket or is_survey

)

select * from source
