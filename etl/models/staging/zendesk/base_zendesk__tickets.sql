-- One row per ticket and version.
with

-- Parsed once a record: asking the text field by field costs ten times more.
parsed as (

    select
        file_id,
        row_no,
        json_transform(record, '{
            "id": "VARCHAR",
            "requester_id": "VARCHAR",
            "requester": {
                "id": "VARCHAR", "email": "VARCHAR", "locale": "VARCHAR"
            },
            "submitter_id": "VARCHAR",
            "submitter": {"id": "VARCHAR", "role": "VARCHAR"},
            "assignee_id": "VARCHAR",
            "assignee": {"id": "VARCHAR", "name": "VARCHAR"},
            "group_id": "VARCHAR",
            "group": {"id": "VARCHAR", "name": "VARCHAR"},
            "status": "VARCHAR",
            "priority": "VARCHAR",
            "raw_subject": "VARCHAR",
            "subject": "VARCHAR",
            "description": "VARCHAR",
            "tags": ["VARCHAR"],
            "via": {
                "channel": "VARCHAR",
                "source": {"rel": "VARCHAR", "from": {"address": "VARCHAR"}}
            },
            "custom_fields": [{"id": "VARCHAR", "value": "JSON"}],
            "fields": [{"id": "VARCHAR", "value": "JSON"}],
            "metric_set": {
                "ticket_id": "VARCHAR",
                "reply_time_in_seconds": {"calendar": "VARCHAR"},
                "reply_time_in_minutes": {
                    "calendar": "VARCHAR", "business": "VARCHAR"
                },
                "first_resolution_time_in_minutes": {"calendar": "VARCHAR"},
                "solved_at": "VARCHAR",
                "replies": "VARCHAR",
                "reopens": "VARCHAR",
                "updated_at": "VARCHAR"
            },
            "metrics": {
                "ticket_id": "VARCHAR",
                "reply_time_in_seconds": {"calendar": "VARCHAR"},
                "reply_time_in_minutes": {
                    "calendar": "VARCHAR", "business": "VARCHAR"
                },
                "first_resolution_time_in_minutes": {"calendar": "VARCHAR"},
                "solved_at": "VARCHAR",
                "replies": "VARCHAR",
                "reopens": "VARCHAR",
                "updated_at": "VARCHAR"
            },
            "comments": [{
                "id": "VARCHAR",
                "author_id": "VARCHAR",
                "author": {"id": "VARCHAR", "role": "VARCHAR"},
                "public": "VARCHAR",
                "via": {"channel": "VARCHAR"},
                "created_at": "VARCHAR"
            }],
            "satisfaction_rating": "JSON",
            "created_at": "VARCHAR",
            "updated_at": "VARCHAR"
        }') as ticket,
    from raw.zendesk__tickets

),

source as (

    select
        file_id,
        row_no,
        ticket,
        ticket.id as ticket_id,
        coalesce(ticket.requester_id, ticket.requester.id) as requester_id,
        coalesce(ticket.submitter_id, ticket.submitter.id) as submitter_id,
        coalesce(ticket.group_id, ticket.group.id) as group_id,
        coalesce(ticket.metric_set, ticket.metrics) as metric_set,
    from parsed

)

select * from source
