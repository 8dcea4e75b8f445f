with

-- The struct is that of a ticket's own metric_set.
exported as (

    select
        file_id,
        row_no,
        json_transform(record, '{
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
        }') as metrics,
    from raw.zendesk__ticket_metrics

),

all_metrics as (

    select
        file_id,
        row_no,
        metrics.ticket_id as ticket_id,
        metrics,
    from exported
    union all
    select
        file_id,
        row_no,
        ticket_id,
        metric_set as metrics,
    from base_zendesk__tickets

),

measured as (

    select
        *,
        metrics.reply_time_in_minutes.calendar as reply_minutes,
        metrics.first_resolution_time_in_minutes.calendar as solution_minutes,
    from all_metrics
    where metrics is not null and ticket_id is not null

),

-- A text that is no number goes on as it is, so that it is told.
renamed as (

    select
        -- ids
        ticket_id,

        -- numerics
        coalesce(
            metrics.reply_time_in_seconds.calendar,
            (60 * try_cast(reply_minutes as bigint))::varchar,
            reply_minutes
        ) as first_reply_seconds,
        metrics.reply_time_in_minutes.business as first_reply_business_minutes,
        coalesce(
            (60 * try_cast(solution_minutes as bigint))::varchar,
            solution_minutes
        ) as first_solution_seconds,
        metrics.replies as agent_replies,
        metrics.reopens as reopens,

        -- timestamps
        metrics.solved_at as solved_at,
        metrics.updated_at as updated_at,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from measured

)

select * from renamed
