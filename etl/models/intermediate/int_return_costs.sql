-- What the goods of a return were worth, what its resolution cost, and until when
-- its refund is in time. One row per return; a part nobody tells and the rate card
-- has no rate for is null.
with

returns as (

    select * from staging.int_returns

),

return_lines as (

    select * from staging.int_return_lines

),

allocations as (

    select * from staging.int_return_allocations

),

lines as (

    select * from staging.int_order_lines

),

cost_rates as (

    select * from staging.cost_rates

),

promise as (

    select * from staging.refund_promise

),

market_calendars as (

    select * from staging.market_calendars

),

business_days as (

    select * from staging.business_days

),

-- A line's amount is shared among its units; of lines one of which has none, the
-- value is not known.
allocated as (

    select
        allocations.return_id,
        case
            when bool_and(lines.line_amount_reporting is not null)
                then sum(
                    lines.line_amount_reporting
                    * allocations.units / lines.quantity
                )
        end as line_value,
    from allocations
    inner join lines on allocations.order_item_id = lines.order_item_id
    group by allocations.return_id

),

valued as (

    select
        returns.*,
        coalesce(
            returns.told_value,
            case
                when returns.is_completed then allocated.line_value
                when lines.quantity > 0
                    then lines.line_amount_reporting
                    * least(returns.quantity, lines.quantity) / lines.quantity
            end
        )::decimal(18, 4) as returned_value,
        -- The customer keeps what is settled by money alone, or never arrived,
        -- unless somebody received it.
        returns.is_completed
        and (
            returns.received_date is not null
            or returns.disposition is not null
            or returns.resolution not in (
                'keep_item', 'partial_refund', 'reship', 'rejected'
            )
        ) as is_goods_back,
        returns.resolution in ('exchange', 'reship', 'repair')
            as is_sent_again,
        returns.resolution in ('exchange', 'reship', 'store_credit')
            as is_replaced,
        returns.resolution in ('unknown', 'unmapped', 'other')
            as is_resolution_unknown,
        rates.return_label as label_rate,
        rates.handling as handling_rate,
        rates.outbound as outbound_rate,
        rates.goods_cost_rate,
        rates.recovery_rate,
    from returns
    left join return_lines on returns.return_id = return_lines.return_id
    left join lines on return_lines.order_item_id = lines.order_item_id
    left join allocated on returns.return_id = allocated.return_id
    left join cost_rates as own_rates on returns.market = own_rates.market
    inner join cost_rates as rates
        on coalesce(own_rates.market, '*') = rates.market

),

parts as (

    select
        *,
        case
            when label_paid_by in (
                'customer', 'buyer', 'marketplace', 'amazon', 'carrier',
                'platform', '买家', '客户', '顾客', '平台', '承运商'
            ) then 0
            when label_paid_by is not null
                and label_paid_by not in ('seller', 'merchant', 'shop', '卖家', '商家')
                then null
            when told_label_cost is not null then told_label_cost
            when is_goods_back then label_rate / case_line_count
            else 0
        end as label_cost,
        -- What taking the goods back would cost, whoever keeps them.
        coalesce(told_label_cost, label_rate / case_line_count) as label_price,
        coalesce(told_handling_cost, handling_rate * quantity)
            as handling_price,
        case
            when told_handling_cost is not null then told_handling_cost
            when is_goods_back then handling_rate * quantity
            else 0
        end as handling_cost,
        case
            when told_outbound_cost is not null then told_outbound_cost
            when is_sent_again then outbound_rate / case_line_count
            else 0
        end as outbound_cost,
        case
            when is_replaced then returned_value * goods_cost_rate else 0
        end as goods_cost,
        case
            when told_recovered_amount is not null then told_recovered_amount
            when is_goods_back and resolution <> 'repair'
                then returned_value * recovery_rate
            else 0
        end as recovered,
        case
            when is_resolution_unknown then null
            when resolution in ('refund', 'partial_refund', 'keep_item')
                then refund_amount_reporting
            else coalesce(refund_amount_reporting, 0)
        end as refund_cost,
    from valued

),

clocked as (

    select
        parts.*,
        case promise.clock
            when 'approved' then approved_date else received_date
        end as refund_clock_date,
        promise.business_days as promised_days,
        coalesce(market_calendars.calendar, fallback.calendar) as calendar,
    from parts
    cross join promise
    left join market_calendars on parts.market = market_calendars.market
    left join market_calendars as fallback on fallback.market = 'unknown'

),

-- In time is every day before the first business day that is one too many.
promised as (

    select
        clocked.*,
        too_late.date - 1 as refund_due_date,
    from clocked
    left join business_days as started
        on clocked.calendar = started.calendar
        and clocked.refund_clock_date = started.date
    left join business_days as too_late
        on clocked.calendar = too_late.calendar
        and started.business_day_no + clocked.promised_days + 1
        = too_late.business_day_no
        and too_late.is_business_day

),

final as (

    select
        return_id,
        returned_value as returned_value_reporting,
        -- Of an exchange for something cheaper the rest was refunded.
        case
            when resolution in ('exchange', 'store_credit')
                and returned_value is not null
                then greatest(
                    returned_value - coalesce(refund_amount_reporting, 0),
                    0
                )
            when resolution in ('refund', 'partial_refund', 'keep_item')
                and refund_amount_reporting is not null
                then 0
        end::decimal(18, 4) as retained_value_reporting,
        case
            when resolution in ('exchange', 'store_credit')
                and returned_value is not null
                then coalesce(refund_amount_reporting, 0)
            when resolution in ('refund', 'partial_refund', 'keep_item')
                then refund_amount_reporting
        end::decimal(18, 4) as refunded_value_reporting,
        is_goods_back,
        label_cost::decimal(18, 4) as label_cost_reporting,
        handling_cost::decimal(18, 4) as handling_cost_reporting,
        outbound_cost::decimal(18, 4) as outbound_cost_reporting,
        goods_cost::decimal(18, 4) as goods_cost_reporting,
        recovered::decimal(18, 4) as recovered_value_reporting,
        case
            when is_completed
                then (
                    refund_cost
                    + label_cost
                    + handling_cost
                    + outbound_cost
                    + goods_cost
                    - recovered
                    + coalesce(duty_loss, 0)
                    - coalesce(customer_contribution, 0)
                    - coalesce(carrier_claim, 0)
                )
        end::decimal(18, 4) as resolution_cost_reporting,
        case
            when is_completed
                then nullif(concat_ws(
                    ', ',
                    case when is_resolution_unknown then 'resolution' end,
                    case
                        when refund_cost is null and not is_resolution_unknown
                            then 'refund'
                    end,
                    case when label_cost is null then 'return_label' end,
                    case when handling_cost is null then 'handling' end,
                    case when outbound_cost is null then 'outbound' end,
                    case when goods_cost is null then 'goods' end,
                    case when recovered is null then 'recovery' end
                ), '')
        end as unknown_cost_parts,
        ((label_price + handling_price) / nullif(recovery_rate, 0))
            ::decimal(18, 4) as break_even_value_reporting,
        case
            when label_price + handling_price
                > returned_value * recovery_rate
                then label_price + handling_price
                - returned_value * recovery_rate
            else 0 * (label_price + handling_price + returned_value * recovery_rate)
        end::decimal(18, 4) as keep_item_saving_reporting,
        resolution in ('refund', 'partial_refund', 'keep_item')
        and not is_void as is_refund_expected,
        refund_clock_date,
        refund_due_date,
    from promised

)

select * from final
