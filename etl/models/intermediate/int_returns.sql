-- Returns with their order, buyer and reason found. One row per return.
with

returns as (

    select * from staging.returns

),

orders as (

    select * from staging.int_orders

),

lines as (

    select * from staging.int_order_lines

),

return_ids as (

    select * from staging.int_ids where entity = 'returns'

),

order_ids as (

    select * from staging.int_ids where entity = 'orders'

),

order_item_ids as (

    select * from staging.int_ids where entity = 'order_items'

),

person_ids as (

    select * from staging.int_ids where entity = 'persons'

),

reasons as (

    select * from staging.int_reasons

),

resolutions as (

    select * from staging.int_resolutions

),

meanings as (

    select * from staging.reasons

),

channels as (

    select * from staging.int_channels where kind = 'sales'

),

rates as (

    select * from staging.exchange_rates

),

day_rates as (

    select * from staging.daily_rates

),

run as (

    select * from staging.run

),

numbered as (

    select
        returns.* exclude (return_id, order_id),
        coalesce(return_ids.id, returns.return_id) as return_id,
        case
            when order_ids.source_id is null then ltrim(returns.order_id, '#')
            else order_ids.id
        end as order_id,
        case
            when order_item_ids.source_id is null then returns.order_item_id
            else order_item_ids.id
        end as found_order_item_id,
    from returns
    left join return_ids
        on returns.source_system = return_ids.source_system
        and returns.return_id = return_ids.source_id
    left join order_ids
        on returns.source_system = order_ids.source_system
        and returns.order_id = order_ids.source_id
    left join order_item_ids
        on returns.source_system = order_item_ids.source_system
        and returns.order_item_id = order_item_ids.source_id

),

-- The line a return names is one of the order it names; where it names no order,
-- the number must say enough.
named_lines as (

    select
        numbered.return_id,
        arg_min(
            lines.order_item_id,
            (
                numbered.source_system <> lines.source_system,
                lines.order_item_id
            )
        ) as order_item_id,
    from numbered
    inner join lines
        on numbered.order_item_id = lines.source_order_item_id
        and (
            numbered.order_id = lines.order_id
            or (
                numbered.order_id is null
                and numbered.found_order_item_id = lines.order_item_id
            )
        )
    group by numbered.return_id

),

joined as (

    select
        numbered.source_system,
        numbered.return_id,
        numbered.order_id,
        named_lines.order_item_id as named_order_item_id,
        coalesce(numbered.product_id, orders.only_product_id) as product_id,
        -- A return is of one unit at least; nobody says how many: one.
        greatest(coalesce(numbered.quantity, 1), 1)::bigint as quantity,
        coalesce(meanings.reason, reasons.reason, 'no_reason') as reason,
        numbered.reason_raw,
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
        numbered.comment,
        coalesce(resolutions.resolution, 'unknown') as resolution,
        numbered.resolution as resolution_raw,
        numbered.disposition,
        -- Goods are back unless the status says otherwise.
        coalesce(
            replace(lower(numbered.status), ' ', '_') not in (
                'cancelled', 'canceled', 'declined', 'rejected', 'denied',
                'expired', 'open', 'requested', 'pending', 'review',
                'in_review', 'approved', 'authorized', 'label_created',
                'in_transit', 'failed', '已取消', '已拒绝', '待处理'
            ),
            true
        ) as is_completed,
        -- Never given, or taken back: no money is waited for.
        coalesce(
            replace(lower(numbered.status), ' ', '_') in (
                'cancelled', 'canceled', 'declined', 'rejected', 'denied',
                'expired', 'failed', '已取消', '已拒绝'
            ),
            false
        ) as is_void,
        case
            when numbered.currency is not null
                and numbered.currency <> run.reporting_currency
                then coalesce(day_rates.rate, rates.rate)::double
            when numbered.currency is null and orders.order_id is not null
                then orders.exchange_rate
            else 1
        end as amount_rate,
        (abs(numbered.refund_amount) * amount_rate)::decimal(18, 4)
            as refund_amount_reporting,
        (abs(numbered.returned_value) * amount_rate)::decimal(18, 4)
            as told_value,
        (abs(numbered.label_cost) * amount_rate)::decimal(18, 4)
            as told_label_cost,
        (abs(numbered.handling_cost) * amount_rate)::decimal(18, 4)
            as told_handling_cost,
        (abs(numbered.outbound_cost) * amount_rate)::decimal(18, 4)
            as told_outbound_cost,
        (abs(numbered.recovered_amount) * amount_rate)::decimal(18, 4)
            as told_recovered_amount,
        (abs(numbered.duty_loss) * amount_rate)::decimal(18, 4) as duty_loss,
        (abs(numbered.customer_contribution) * amount_rate)::decimal(18, 4)
            as customer_contribution,
        (abs(numbered.carrier_claim) * amount_rate)::decimal(18, 4)
            as carrier_claim,
        lower(trim(numbered.label_paid_by)) as label_paid_by,
        greatest(coalesce(numbered.case_line_count, 1), 1)::bigint
            as case_line_count,
        coalesce(
            person_ids.id,
            numbered.customer_ref,
            orders.customer_id
        ) as customer_id,
        coalesce(
            numbered.market,
            nullif(orders.market, 'unknown'),
            'unknown'
        ) as market,
        coalesce(
            nullif(orders.sales_channel, 'unknown'),
            channels.channel,
            'unknown'
        ) as sales_channel,
        numbered.lot,
        numbered.warehouse,
        coalesce(numbered.has_refund_dates, false)
        or numbered.refunded_at is not null as has_refund_dates,
        numbered.requested_at,
        numbered.approved_at_date as approved_date,
        numbered.received_at_date as received_date,
        numbered.refunded_at_date as refunded_date,
        numbered.returned_at,
        numbered.returned_at_local,
        numbered.returned_at_precision,
        numbered.returned_at_date as returned_date,
    from numbered
    cross join run
    left join named_lines on numbered.return_id = named_lines.return_id
    left join orders on numbered.order_id = orders.order_id
    left join person_ids
        on numbered.source_system = person_ids.source_system
        and numbered.customer_ref = person_ids.source_id
    left join reasons
        on numbered.source_system = reasons.source_system
        and numbered.reason_raw = reasons.reason_raw
    -- What the source says wins over what the comment says, as long as it says
    -- something. That somebody wants to return is no reason of a return.
    left join meanings
        on numbered.text_reason = meanings.reason
        and numbered.text_reason <> 'return_request'
        and coalesce(reasons.reason, 'no_reason')
        in ('no_reason', 'other', 'unmapped')
    left join resolutions
        on numbered.source_system = resolutions.source_system
        and numbered.resolution = resolutions.resolution_raw
    left join channels
        on numbered.source_system = channels.source_system
        and numbered.sales_channel = channels.channel_raw
    left join rates on numbered.currency = rates.currency
    left join day_rates
        on numbered.currency = day_rates.currency
        and coalesce(numbered.refunded_at_date, numbered.returned_at_date)
        = day_rates.date

)

select * from joined
