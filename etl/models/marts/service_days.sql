-- The unfinished last day is left out: at its end things may look otherwise.
with

tickets as (

    select
        *,
        created_at_local::date as created_on,
        first_replied_at_local::date as replied_on,
        solved_at_local::date as solved_on,
        -- A solved ticket of which nobody tells when left the backlog at a day
        -- that nobody knows.
        not is_solved or solved_at is not null as is_stay_known,
        is_reply_known
        and not is_agent_initiated
        and (not is_answered or first_replied_at is not null) as is_wait_known,
    from main.tickets

),

run as (

    select * from staging.run

),

-- What each ticket adds to a day's count, or takes from it.
events as (

    select
        created_on as date,
        market,
        channel,
        agent_group,
        1 as created,
        0 as solved,
        is_stay_known::integer as backlog,
        (is_stay_known and is_wait_known)::integer as awaiting,
    from tickets
    union all
    select
        greatest(solved_on, created_on),
        market,
        channel,
        agent_group,
        0,
        1,
        -1,
        0,
    from tickets
    where solved_on is not null
    union all
    -- A wait ends with the reply, or with a solution without one.
    select
        greatest(
            coalesce(least(replied_on, solved_on), replied_on, solved_on),
            created_on
        ),
        market,
        channel,
        agent_group,
        0,
        0,
        0,
        -1,
    from tickets
    where
        is_stay_known
        and is_wait_known
        and coalesce(replied_on, solved_on) is not null

),

changes as (

    select
        events.date,
        events.market,
        events.channel,
        events.agent_group,
        sum(events.created) as created,
        sum(events.solved) as solved,
        sum(events.backlog) as backlog,
        sum(events.awaiting) as awaiting,
    from events
    cross join run
    where events.date < run.tickets_complete_to_date
    group by
        events.date, events.market, events.channel, events.agent_group

),

-- Every day since a combination's first ticket: a mean over days needs the empty
-- ones, too.
spans as (

    select
        changes.market,
        changes.channel,
        changes.agent_group,
        unnest(range(
            min(changes.date)::timestamp,
            any_value(run.tickets_complete_to_date)::timestamp,
            interval 1 day
        ))::date as date,
    from changes
    cross join run
    group by changes.market, changes.channel, changes.agent_group

),

final as (

    select
        -- ids
        spans.date,
        spans.market,
        spans.channel,
        spans.agent_group,

        -- numerics
        coalesce(changes.created, 0)::bigint as created,
        coalesce(changes.solved, 0)::bigint as solved,
        coalesce(sum(changes.backlog) over so_far, 0)::bigint as backlog,
        coalesce(sum(changes.awaiting) over so_far, 0)::bigint
            as awaiting_first_reply,

        -- timestamps
        spans.date::timestamp as day_local,
    from spans
    left join changes
        on spans.date = changes.date
        and spans.market = changes.market
        and spans.channel = changes.channel
        and spans.agent_group = changes.agent_group
    window so_far as (
        partition by spans.market, spans.channel, spans.agent_group
        order by spans.date
        rows unbounded preceding
    )

)

select * from final
