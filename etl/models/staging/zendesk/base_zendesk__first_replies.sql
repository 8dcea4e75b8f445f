-- When a person of the team first answered in public. One row per ticket that
-- has comments with such an answer.
with

tickets as (

    select * from base_zendesk__tickets

),

people as (

    select * from base_zendesk__people

),

all_comments as (

    select
        record ->> '$.ticket_id' as ticket_id,
        record as comment_record,
    from raw.zendesk__ticket_comments
    where (record ->> '$.ticket_id') is not null
    union all
    select
        ticket_id,
        unnest(ticket.comments) as comment_record,
    from tickets

),

comments as (

    select
        ticket_id,
        coalesce(
            comment_record ->> '$.author_id',
            comment_record ->> '$.author.id'
        ) as author_id,
        comment_record ->> '$.author.role' as author_role,
        coalesce(lower(comment_record ->> '$.via.channel'), '') as via_channel,
        (try_cast(comment_record ->> '$.created_at' as timestamptz)
            at time zone 'UTC') as written_at,
    from all_comments
    where (comment_record ->> '$.public') = 'true'

),

requesters as (

    select
        ticket_id,
        max(requester_id) as requester_id,
        max(opened_at) as opened_at,
    from tickets
    group by ticket_id

),

-- Triggers, automations and bots write public comments too: they are no reply.
human_replies as (

    select
        comments.ticket_id,
        min(comments.written_at) as replied_at,
    from comments
    inner join requesters on comments.ticket_id = requesters.ticket_id
    left join people on comments.author_id = people.person_id
    where
        comments.author_id is distinct from requesters.requester_id
        and comments.via_channel not in ('rule', 'system')
        and comments.via_channel not like '%bot%'
        and comments.author_id not like '-%'
        and coalesce(people.role, comments.author_role, 'agent')
        in ('agent', 'admin')
    group by comments.ticket_id

)

select * from human_replies
