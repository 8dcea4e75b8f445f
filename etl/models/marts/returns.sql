with

returns as (

    select * from staging.int_returns

),

return_lines as (

    select * from staging.int_return_lines

),

lines as (

    select * from staging.int_order_lines

),

orders as (

    select * from staging.int_orders

),

order_deliveries as (

    select * from staging.int_order_deliveries

),

costs as (

    select * from staging.int_return_costs

),

-- What carriers saw of an order; of parcels nobody scanned they saw nothing.
scanned_orders as (

    select
        order_id,
        bool_or(is_damaged) as has_damage_scan,
        bool_or(not is_delivered) as has_missing_parcel,
    from staging.int_shipments
    where order_id is not null and not is_return_leg and is_tracked
    group by order_id

),

run as (

    select * from staging.run

),

-- Moments are compared where both are known, days where either is only a day:
-- an order of the return's day may have come before the return. `on_clock` is the
-- reading of the clock that both share.
returners as (

    select
        return_id,
        customer_id,
        order_id,
        'moment' as clock,
        returned_at as on_clock,
        returned_at as after_clock,
    from returns
    where
        customer_id is not null
        and returned_at_precision <> 'date'
    union all
    select
        return_id,
        customer_id,
        order_id,
        case returned_at_precision
            when 'date' then 'day' else 'day, orders known by day'
        end as clock,
        date_trunc('day', returned_at_local) as on_clock,
        on_clock + interval 1 day - interval 1 microsecond as after_clock,
    from returns
    where customer_id is not null

),

paid_orders as (

    select orders.*
    from orders
    semi join returners on orders.customer_id = returners.customer_id
    where orders.is_paid

),

paid_on_clocks as (

    select
        customer_id,
        order_id,
        'moment' as clock,
        ordered_at as on_clock,
    from paid_orders
    where ordered_at_precision <> 'date'
    union all
    select
        customer_id,
        order_id,
        'day' as clock,
        date_trunc('day', ordered_at_local) as on_clock,
    from paid_orders
    union all
    select
        customer_id,
        order_id,
        'day, orders known by day' as clock,
        date_trunc('day', ordered_at_local) as on_clock,
    from paid_orders
    where ordered_at_precision = 'date'

),

-- Orders of one moment share a row, so that "another order" can be told without
-- looking at each pair.
purchases as (

    select
        customer_id,
        clock,
        on_clock,
        min(order_id) as first_order_id,
        max(order_id) as last_order_id,
    from paid_on_clocks
    group by customer_id, clock, on_clock

),

purchases_in_order as (

    select
        *,
        lead(on_clock) over (
            partition by customer_id, clock
            order by on_clock
        ) as following_on_clock,
    from purchases

),

following_purchases as (

    select
        returners.return_id,
        returners.on_clock as returned_on_clock,
        case
            when purchases_in_order.first_order_id
                is not distinct from returners.order_id
                and purchases_in_order.last_order_id
                is not distinct from returners.order_id
                then purchases_in_order.following_on_clock
            else purchases_in_order.on_clock
        end as repurchased_on_clock,
    from returners
    asof inner join purchases_in_order
        on returners.customer_id = purchases_in_order.customer_id
        and returners.clock = purchases_in_order.clock
        and returners.after_clock < purchases_in_order.on_clock

),

repurchases as (

    select
        return_id,
        min(epoch(repurchased_on_clock - returned_on_clock)) / 86400.0
            as days_to_repurchase,
    from following_purchases
    group by return_id

),

joined as (

    select
        returns.*,
        return_lines.order_item_id,
        coalesce(returns.product_id, lines.product_id, 'unknown')
            as found_product_id,
        coalesce(lines.variant, 'unknown') as variant,
        coalesce(returns.lot, lines.lot, 'unknown') as found_lot,
        coalesce(lines.carrier, order_deliveries.carrier, 'unknown') as carrier,
        coalesce(returns.warehouse, lines.warehouse, 'unknown')
            as found_warehouse,
        coalesce(lines.delivered_date, order_deliveries.delivered_date)
            as delivered_date,
        repurchases.days_to_repurchase,
        costs.* exclude (return_id),
        scanned_orders.has_damage_scan,
        scanned_orders.has_missing_parcel,
        run.returns_complete_to_date,
        -- Of a day, the last day of the window must be over too.
        case returns.returned_at_precision
            when 'date' then
                run.orders_complete_to_date - returns.returned_date - 1
            else
                epoch(run.orders_complete_to - returns.returned_at) / 86400.0
        end as days_since,
    from returns
    cross join run
    left join return_lines on returns.return_id = return_lines.return_id
    left join lines on return_lines.order_item_id = lines.order_item_id
    left join order_deliveries on returns.order_id = order_deliveries.order_id
    left join repurchases on returns.return_id = repurchases.return_id
    left join costs on returns.return_id = costs.return_id
    left join scanned_orders on returns.order_id = scanned_orders.order_id

),

final as (

    select
        -- ids
        return_id,
        source_system,
        order_id,
        order_item_id,
        found_product_id as product_id,
        customer_id,

        -- text
        variant,
        found_lot as lot,
        reason,
        reason_raw,
        reason_group,
        reason_basis,
        comment,
        resolution,
        resolution_raw,
        disposition,
        unknown_cost_parts,
        market,
        sales_channel,
        carrier,
        found_warehouse as warehouse,

        -- numerics
        quantity,
        refund_amount_reporting,
        returned_value_reporting,
        retained_value_reporting,
        refunded_value_reporting,
        label_cost_reporting,
        handling_cost_reporting,
        outbound_cost_reporting,
        goods_cost_reporting,
        duty_loss as duty_loss_reporting,
        recovered_value_reporting,
        customer_contribution as customer_contribution_reporting,
        carrier_claim as carrier_claim_reporting,
        resolution_cost_reporting,
        break_even_value_reporting,
        case when is_goods_back then keep_item_saving_reporting end
            as keep_item_saving_reporting,
        returned_date - delivered_date as lag_days,

        -- booleans
        is_completed,
        is_product_complaint,
        is_quality_complaint,
        reason in ('size_too_small', 'size_too_large', 'poor_fit')
            as is_size_complaint,
        reason = 'not_as_described' as is_nad_complaint,
        is_goods_back,
        -- A carrier's fault that the carrier's own scans do not show; null where
        -- no carrier tells of the order.
        case reason
            when 'damaged_in_transit' then not has_damage_scan
            when 'never_arrived' then not has_missing_parcel
            else false
        end as is_claim_without_scan,
        -- Paid, or still unpaid at the end of its last day: of an export that
        -- tells no refund dates a silence proves nothing.
        is_refund_expected
        and refund_due_date is not null
        and (
            refunded_date is not null
            or (
                has_refund_dates
                and coalesce(refund_due_date < returns_complete_to_date, false)
            )
        ) as is_refund_due,
        coalesce(
            is_refund_expected and refunded_date <= refund_due_date,
            false
        ) as is_refunded_in_time,
        coalesce(
            is_refund_expected
            and refunded_date is null
            and has_refund_dates
            and refund_due_date < returns_complete_to_date,
            false
        ) as is_refund_overdue,
        is_completed and customer_id is not null
        and days_since >= 30 as is_matured_30d,
        is_completed and customer_id is not null
        and days_since >= 60 as is_matured_60d,
        is_completed and customer_id is not null
        and days_since >= 90 as is_matured_90d,
        -- Null, not false, where nobody knows the customer.
        case when customer_id is not null then
            coalesce(days_to_repurchase <= 30, false)
        end as is_repurchased_30d,
        case when customer_id is not null then
            coalesce(days_to_repurchase <= 60, false)
        end as is_repurchased_60d,
        case when customer_id is not null then
            coalesce(days_to_repurchase <= 90, false)
        end as is_repurchased_90d,

        -- timestamps
        requested_at,
        returned_at,
        returned_at_local,
        returned_date,
        delivered_date,
        refund_clock_date,
        refund_due_date,
        refunded_date,
    from joined

)

select * from final
