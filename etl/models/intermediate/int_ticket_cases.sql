-- Tickets under the marts' ids and words, with the calendar that decides on their
-- business minutes; deleted and merged ones are left out. One row per ticket.
with

tickets as (

    select * from staging.int_tickets

),

orders as (

    select * from staging.int_orders

),

ticket_ids as (

    select * from staging.int_ids where entity = 'tickets'

),

order_ids as (

    select * from staging.int_ids where entity = 'orders'

),

person_ids as (

    select * from staging.int_ids where entity = 'persons'

),

reasons as (

    select * from staging.int_reasons

),

meanings as (

    select * from staging.reasons

),

channels as (

    select * from staging.int_channels where kind = 'contact'

),

team_calendars as (

    select * from staging.team_calendars

),

market_calendars as (

    select * from staging.market_calendars

),

agent_settings as (

    select * from staging.agent_settings

),

statuses as (

    select * from staging.ticket_status_map

),

numbered as (

    select
        tickets.* exclude (ticket_id, order_id, status),
        -- A status nobody mapped keeps its own word and stands in
        -- unmapped_values.
        coalesce(statuses.status, lower(trim(tickets.status)), 'unknown')
            as status,
        statuses.status is not null as is_status_known,
        coalesce(ticket_ids.id, tickets.ticket_id) as ticket_id,
        case
            when order_ids.source_id is null then ltrim(tickets.order_id, '#')
            else order_ids.id
        end as order_id,
    from tickets
    left join ticket_ids
        on tickets.source_system = ticket_ids.source_system
        and tickets.ticket_id = ticket_ids.source_id
    left join order_ids
        on tickets.source_system = order_ids.source_system
        and tickets.order_id = order_ids.source_id
    left join statuses on lower(trim(tickets.status)) = statuses.status_raw
    where coalesce(statuses.status, '') not in ('deleted', 'merged')

),

joined as (

    select
        numbered.* exclude (
            product_id, channel, language, market, priority,
            agent_group, agent_name, is_agent_initiated
        ),
        -- About an order of several products we don't know which one.
        coalesce(numbered.product_id, orders.only_product_id, 'unknown')
            as product_id,
        coalesce(
            person_ids.id,
            numbered.customer_ref,
            orders.customer_id
        ) as customer_id,
        coalesce(channels.channel, 'unknown') as channel,
        coalesce(numbered.language, 'unknown') as language,
        coalesce(numbered.market, orders.market, 'unknown') as market,
        coalesce(lower(numbered.priority), 'unknown') as priority,
        coalesce(meanings.reason, reasons.reason, 'no_reason') as reason,
        coalesce(meanings.reason_group, reasons.reason_group, 'unknown')
            as reason_group,
        coalesce(
            meanings.is_product_complaint::boolean,
            reasons.is_product_complaint,
            false
        ) as is_product_complaint,
        coalesce(
            meanings.is_quality_complaint::boolean,
            reasons.is_quality_complaint,
            false
        ) as is_quality_complaint,
        case
            when meanings.reason is not null then 'text'
            when reasons.reason is not null then 'source'
            else 'none'
        end as reason_basis,
        coalesce(numbered.agent_group, 'unknown') as agent_group,
        case when agent_settings.show_names then numbered.agent_name end
            as agent_name,
        coalesce(numbered.is_agent_initiated, false) as is_agent_initiated,
        numbered.status in ('solved', 'closed')
        or (not numbered.is_status_known and numbered.solved_at is not null)
            as is_solved,
    from numbered
    cross join agent_settings
    left join orders on numbered.order_id = orders.order_id
    left join person_ids
        on numbered.source_system = person_ids.source_system
        and numbered.customer_ref = person_ids.source_id
    left join reasons
        on numbered.source_system = reasons.source_system
        and numbered.reason_raw = reasons.reason_raw
    -- What the desk says wins over what the text says, as long as it says
    -- something.
    left join meanings
        on numbered.text_reason = meanings.reason
        and coalesce(reasons.reason, 'no_reason')
        in ('no_reason', 'other', 'unmapped')
    left join channels
        on numbered.source_system = channels.source_system
        and numbered.channel = channels.channel_raw

),

final as (

    select
        joined.*,
        coalesce(team_calendars.calendar, market_calendars.calendar)
            as calendar,
        coalesce(
            joined.first_replied_at,
            joined.created_at
            + to_minutes(joined.first_reply_minutes_reported)
        ) as replied_at,
        coalesce(
            joined.first_replied_at_precision,
            joined.created_at_precision
        ) as replied_at_precision,
    from joined
    left join team_calendars
        on lower(trim(joined.agent_group)) = team_calendars.agent_group
    left join market_calendars on joined.market = market_calendars.market

)

select * from final
