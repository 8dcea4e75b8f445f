-- Who wrote first, what, and when a person of the team answered in public. One
-- row per ticket and version that comes with its messages.
with

messages as (

    select * from base_gorgias__messages where not is_listed

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
    from messages

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
        count(*) filter (where is_seen and is_from_team and is_by_bot)
            as bot_reply_count,
    from judged
    group by file_id, row_no

)

select * from conversations
