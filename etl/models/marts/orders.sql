with

orders as (

    select * from staging.int_orders

),

deliveries as (

    select * from staging.int_order_deliveries

),

parcels as (

    select
        order_id,
        min(shipped_at_local) as shipped_at_local,
    from staging.int_shipments
    where order_id is not null and not is_return_leg
    group by order_id

),

returns as (

    select * from main.returns

),

tickets as (

    select * from main.tickets

),

run as (

    select * from staging.run

),

-- Several returns of an order are one order with returns.
returned as (

    select
        order_id,
        min(returned_date) as first_returned_date,
        sum(resolution_cost_reporting) as resolution_cost,
        bool_or(resolution_cost_reporting is null) as has_unknown_cost,
    from returns
    where is_completed and order_id is not null
    group by order_id

),

placed as (

    select
        orders.*,
        deliveries.delivery_basis,
        deliveries.shipped_at as dispatched_at,
        deliveries.promised_delivery_date as promised_date,
        deliveries.delivered_at as arrived_at,
        deliveries.delivered_date as arrived_date,
        deliveries.delivered_date is not null and not orders.is_cancelled
            as is_delivered,
        not orders.is_cancelled
        and (
            deliveries.shipped_at is not null
            or deliveries.delivered_date is not null
        ) as is_shipped,
        -- Where nobody tells when it left, the day it was ordered.
        coalesce(
            orders.shipped_at_local,
            parcels.shipped_at_local,
            orders.ordered_at_local
        ) as left_at_local,
        returned.first_returned_date,
        returned.resolution_cost,
        coalesce(returned.has_unknown_cost, false) as has_unknown_cost,
        run.returns_complete_to_date,
        run.orders_complete_to_date,
        run.complaints_complete_to_date,
    from orders
    cross join run
    inner join deliveries on orders.order_id = deliveries.order_id
    left join parcels on orders.order_id = parcels.order_id
    left join returned on orders.order_id = returned.order_id

),

exposed as (

    select
        *,
        case
            when is_shipped then coalesce(arrived_date, left_at_local::date)
        end as exposed_date,
        -- The last day is in the window, and the day of a watermark is not over.
        case
            when is_delivered
                then least(
                    case
                        when returns_complete_to_date is not null
                            then returns_complete_to_date - arrived_date - 1
                        else -1
                    end,
                    orders_complete_to_date - arrived_date - 1
                )
            else -1
        end as days_over,
    from placed

),

-- One row per order and complaint about a product, from a return or a ticket.
complaints as (

    select
        order_id,
        reason,
        returned_date as complained_date,
    from returns
    where is_completed and is_product_complaint and order_id is not null
    union all
    select
        order_id,
        reason,
        created_at_local::date as complained_date,
    from tickets
    where is_product_complaint and order_id is not null

),

complained as (

    select
        complaints.order_id,
        true as has_product_complaint,
        bool_or(complaints.reason = 'quality_defect')
            as has_quality_complaint,
        bool_or(
            complaints.reason in ('size_too_small', 'size_too_large', 'poor_fit')
        ) as has_size_complaint,
        bool_or(complaints.reason = 'not_as_described') as has_nad_complaint,
    from complaints
    inner join exposed
        on complaints.order_id = exposed.order_id
        and complaints.complained_date <= exposed.exposed_date + 30
    group by complaints.order_id

),

final as (

    select
        -- ids
        exposed.order_id,
        exposed.source_system,
        exposed.customer_id,

        -- text
        exposed.sales_channel,
        exposed.market,
        exposed.currency,
        exposed.status,
        exposed.delivery_basis,

        -- numerics
        exposed.total_amount,
        exposed.total_amount_reporting,
        exposed.refunded_amount_reporting,
        exposed.unit_count,
        -- Where nobody exports returns it is not known that there was none.
        case
            when exposed.returns_complete_to_date is not null
                and not exposed.has_unknown_cost
                then coalesce(exposed.resolution_cost, 0)
        end::decimal(18, 4) as after_sales_cost_reporting,

        -- booleans
        exposed.is_cancelled,
        exposed.is_exchange,
        exposed.is_paid,
        exposed.is_shipped,
        exposed.is_delivered,
        exposed.days_over >= 14 as is_matured_14d,
        exposed.days_over >= 30 as is_matured_30d,
        exposed.days_over >= 60 as is_matured_60d,
        exposed.days_over >= 90 as is_matured_90d,
        coalesce(
            exposed.first_returned_date <= exposed.arrived_date + 14,
            false
        ) as is_returned_14d,
        coalesce(
            exposed.first_returned_date <= exposed.arrived_date + 30,
            false
        ) as is_returned_30d,
        coalesce(
            exposed.first_returned_date <= exposed.arrived_date + 60,
            false
        ) as is_returned_60d,
        coalesce(
            exposed.first_returned_date <= exposed.arrived_date + 90,
            false
        ) as is_returned_90d,
        coalesce(
            exposed.is_shipped
            and exposed.exposed_date + 30 < exposed.orders_complete_to_date
            and exposed.exposed_date + 30 < exposed.complaints_complete_to_date,
            false
        ) as is_exposure_over_30d,
        coalesce(complained.has_product_complaint, false)
            as has_product_complaint_30d,
        coalesce(complained.has_quality_complaint, false)
            as has_quality_complaint_30d,
        coalesce(complained.has_size_complaint, false)
            as has_size_complaint_30d,
        coalesce(complained.has_nad_complaint, false)
            as has_nad_complaint_30d,

        -- timestamps
        exposed.ordered_at,
        exposed.ordered_at_local,
        exposed.ordered_date,
        exposed.dispatched_at as shipped_at,
        case when exposed.is_shipped then exposed.left_at_local end
            as left_at_local,
        exposed.exposed_date,
        exposed.arrived_date as cohort_date,
        -- An assumed day is for rates only: an order's own day must be known.
        case
            when exposed.delivery_basis in ('carrier', 'order_export')
                then exposed.arrived_at
        end as delivered_at,
        case
            when exposed.delivery_basis in ('carrier', 'order_export')
                then exposed.arrived_date
        end as delivered_date,
        exposed.promised_date as promised_delivery_date,
    from exposed
    left join complained on exposed.order_id = complained.order_id

)

select * from final
