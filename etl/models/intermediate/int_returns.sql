-- Returns with their order, buyer and reason found. One row per return.
with

returns as (

    select * from staging.returns

),

orders as (

    select * from staging.int_orders

),

persons as (

    select * from staging.int_persons

),

reasons as (

    select * from staging.int_reasons

),

channels as (

    select * from staging.int_channels where kind = 'sales'

),

rates as (

    select * from staging.exchange_rates

),

run as (

    select * from staging.run

),

-- When two systems use one number, the second keeps its system's name before
-- it. With one system, the usual case, there is nothing to look at.
later_rows as (

    select
        source_system,
        return_id,
    from returns
    where source_system > (select min(source_system) from returns)

),

repeated as (

    select distinct
        later_rows.source_system,
        later_rows.return_id,
    from later_rows
    inner join returns as earlier
        on later_rows.return_id = earlier.return_id
        and earlier.source_system < later_rows.source_system

),

numbered as (

    select
        returns.*,
        repeated.return_id is not null as is_repeated,
    from returns
    left join repeated
        on returns.source_system = repeated.source_system
        and returns.return_id = repeated.return_id

),

joined as (

    select
        numbered.source_system,
        case
            when numbered.is_repeated
                then numbered.source_system || '/' || numbered.return_id
            else numbered.return_id
        end as return_id,
        coalesce(orders.order_id, ltrim(numbered.order_id, '#')) as order_id,
        numbered.order_item_id as told_order_item_id,
        coalesce(numbered.product_id, orders.only_product_id) as product_id,
        -- A return is of one unit at least; nobody says how many: one.
        greatest(coalesce(numbered.quantity, 1), 1)::bigint as quantity,
        coalesce(reasons.reason, 'no_reason') as reason,
        numbered.reason_raw,
        coalesce(reasons.reason_group, 'unknown') as reason_group,
        coalesce(reasons.is_product_complaint, false) as is_product_complaint,
        coalesce(reasons.is_quality_complaint, false) as is_quality_complaint,
        numbered.comment,
        coalesce(lower(numbered.resolution), 'unknown') as resolution,
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
        (
            abs(numbered.refund_amount)
            * case
                when numbered.currency is not null
                    and numbered.currency <> run.reporting_currency
                    then rates.rate::double
                when numbered.currency is null and orders.order_id is not null
                    then orders.exchange_rate
                else 1
            end
        )::decimal(18, 4) as refund_amount_reporting,
        coalesce(
            persons.customer_id,
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
        numbered.requested_at,
        numbered.returned_at,
        numbered.returned_at_local,
        numbered.returned_at_precision,
        numbered.returned_at_date as returned_date,
    from numbered
    cross join run
    left join orders on ltrim(numbered.order_id, '#') = orders.order_id
    left join persons
        on numbered.source_system = persons.source_system
        and numbered.customer_ref = persons.customer_ref
    left join reasons
        on numbered.source_system = reasons.source_system
        and numbered.reason_raw = reasons.reason_raw
    left join channels
        on numbered.source_system = channels.source_system
        and numbered.sales_channel = channels.channel_raw
    left join rates on numbered.currency = rates.currency

)

select * from joined
