with

cases as (

    select * from staging.int_ticket_cases

),

clock as (

    select * from staging.business_clock

),

run as (

    select * from staging.run

),

-- A mere day has no place on a clock, and two times of which one is a mere day
-- have no minutes between them.
exact as (

    select
        *,
        case when created_at_precision <> 'date' then created_at end
            as asked_at,
        case when replied_at_precision <> 'date' then replied_at end
            as answered_at,
        case when first_solved_at_precision <> 'date' then first_solved_at end
            as first_done_at,
        case when solved_at_precision <> 'date' then solved_at end as done_at,
    from cases

),

measured as (

    select
        exact.*,
        case
            when exact.asked_at is null or exact.first_replied_at is null
                then exact.first_reply_minutes_reported::double
            else coalesce(
                epoch(exact.answered_at - exact.asked_at) / 60.0,
                exact.first_reply_minutes_reported
            )
        end as minutes_to_reply,
        epoch(exact.first_done_at - exact.asked_at) / 60.0
            as minutes_to_first_solution,
        epoch(exact.done_at - exact.asked_at) / 60.0
            as minutes_to_last_solution,
        staging.business_minutes(exact.answered_at, reply_clock)
        - staging.business_minutes(exact.asked_at, asking_clock)
            as business_minutes_to_reply,
        staging.business_minutes(exact.first_done_at, first_clock)
        - staging.business_minutes(exact.asked_at, asking_clock)
            as business_minutes_to_first_solution,
        staging.business_minutes(exact.done_at, last_clock)
        - staging.business_minutes(exact.asked_at, asking_clock)
            as business_minutes_to_last_solution,
    from exact
    left join clock as asking_clock
        on exact.calendar = asking_clock.calendar
        and exact.asked_at::date = asking_clock.day
    left join clock as reply_clock
        on exact.calendar = reply_clock.calendar
        and exact.answered_at::date = reply_clock.day
    left join clock as first_clock
        on exact.calendar = first_clock.calendar
        and exact.first_done_at::date = first_clock.day
    left join clock as last_clock
        on exact.calendar = last_clock.calendar
        and exact.done_at::date = last_clock.day

),

-- A reply before the question is an error of the source, no speed.
judged as (

    select
        measured.* exclude (is_reply_known),
        measured.is_reply_known as is_reply_time_told,
        measured.replied_at is not null
        or coalesce(measured.agent_replies, 0) > 0 as is_answered,
        measured.is_reply_known
        or measured.replied_at is not null
        or measured.agent_replies is not null as is_reply_known,
        case
            when measured.minutes_to_reply >= 0
                and not measured.is_agent_initiated
                then measured.minutes_to_reply
        end as first_reply_minutes,
        case
            when measured.minutes_to_last_solution >= 0
                then measured.minutes_to_last_solution
        end as full_resolution_minutes,
        run.tickets_complete_to - measured.created_at as age,
    from measured
    cross join run

),

promised as (

    select
        *,
        -- Younger than 24 h and open is neither hit nor miss, and so is a
        -- ticket whose time cannot be known, or could not be if there were one:
        -- where no hit can be told, silence is no miss.
        not is_agent_initiated
        and case
            when is_answered then first_reply_minutes is not null
            else is_reply_time_told
                and asked_at is not null
                and age >= interval 24 hours
        end as is_reply_due,
        not is_agent_initiated
        and case
            when is_solved then full_resolution_minutes is not null
            else asked_at is not null and age >= interval 24 hours
        end as is_handling_due,
        not is_agent_initiated
        and is_reply_known
        and not is_answered
        and not is_solved as is_awaiting_first_reply,
    from judged

),

final as (

    select
        -- ids
        ticket_id,
        source_system,
        order_id,
        product_id,
        customer_id,
        agent_id,

        -- text
        channel,
        language,
        market,
        status,
        priority,
        reason,
        reason_raw,
        reason_group,
        reason_basis,
        subject,
        agent_group,
        agent_name,
        calendar,
        case
            when not is_awaiting_first_reply then null
            when age < interval 4 hours then 'under_4h'
            when age < interval 24 hours then '4h_to_24h'
            when age < interval 72 hours then '1d_to_3d'
            else 'over_3d'
        end as awaiting_age,
        case
            when is_answered then 'agent'
            when not is_reply_known or bot_replies is null then 'unknown'
            when bot_replies > 0 then 'bot'
            else 'nobody'
        end as answered_by,

        -- numerics
        first_reply_minutes,
        case
            when first_reply_minutes is not null
                then business_minutes_to_reply
        end as first_reply_business_minutes,
        first_reply_minutes_reported,
        first_reply_business_minutes_reported,
        case
            when minutes_to_first_solution >= 0
                then minutes_to_first_solution
        end as first_resolution_minutes,
        case
            when minutes_to_first_solution >= 0
                then business_minutes_to_first_solution
        end as first_resolution_business_minutes,
        full_resolution_minutes,
        case
            when full_resolution_minutes is not null
                then business_minutes_to_last_solution
        end as full_resolution_business_minutes,
        reopens,
        agent_replies,
        agent_replies_reported,
        bot_replies,

        -- booleans
        is_agent_initiated,
        is_reply_known,
        is_answered,
        is_reply_due,
        coalesce(first_reply_minutes <= 24 * 60, false)
            as is_replied_within_24h,
        is_handling_due,
        is_handling_due
        and is_solved
        and full_resolution_minutes <= 24 * 60 as is_handled_within_24h,
        is_awaiting_first_reply,
        is_solved,
        case when is_solved then agent_replies = 1 end as is_one_touch,
        is_product_complaint,
        is_quality_complaint,

        -- timestamps
        created_at,
        created_at_local,
        replied_at as first_replied_at,
        case
            when replied_at_precision = 'date' then replied_at
            else staging.reporting_time(replied_at)
        end as first_replied_at_local,
        case when is_solved then solved_at end as solved_at,
        case
            when not is_solved then null
            when solved_at_precision = 'date' then solved_at
            else staging.reporting_time(solved_at)
        end as solved_at_local,
    from promised

)

select * from final
