with

lines as (

    select * from staging.int_order_lines

),

allocations as (

    select * from staging.int_return_allocations

),

returns as (

    select * from main.returns

),

tickets as (

    select * from main.tickets

),

orders as (

    select * from main.orders

),

returned as (

    select
        allocations.order_item_id,
        sum(allocations.units) as returned_units,
        sum(allocations.units) filter (
            where returns.returned_date <= lines.delivered_date + 14
        ) as returned_units_14d,
        sum(allocations.units) filter (
            where returns.returned_date <= lines.delivered_date + 30
        ) as returned_units_30d,
        sum(allocations.units) filter (
            where returns.returned_date <= lines.delivered_date + 60
        ) as returned_units_60d,
        sum(allocations.units) filter (
            where returns.returned_date <= lines.delivered_date + 90
        ) as returned_units_90d,
    from allocations
    inner join returns on allocations.return_id = returns.return_id
    inner join lines on allocations.order_item_id = lines.order_item_id
    group by allocations.order_item_id

),

-- One row per line and complaint, from a return of the line or a ticket about its
-- order and product.
complaints as (

    select
        order_item_id,
        reason,
        returned_date as complained_date,
    from returns
    where
        is_completed
        and is_product_complaint
        and order_item_id is not null
    union all
    select
        lines.order_item_id,
        tickets.reason,
        tickets.created_at_local::date as complained_date,
    from tickets
    inner join lines
        on tickets.order_id = lines.order_id
        and tickets.product_id = lines.product_id
    where tickets.is_product_complaint

),

exposures as (

    select
        lines.order_item_id,
        orders.is_shipped and not lines.is_cancelled as is_shipped,
        orders.is_exposure_over_30d and not lines.is_cancelled
            as is_exposure_over_30d,
        orders.exposed_date,
    from lines
    inner join orders on lines.order_id = orders.order_id

),

-- Several complaints about a line are one line complained about.
complained as (

    select
        complaints.order_item_id,
        bool_or(is_in_time) as has_product_complaint_30d,
        bool_or(is_in_time and reason = 'quality_defect')
            as has_quality_complaint_30d,
        bool_or(
            is_in_time
            and reason in ('size_too_small', 'size_too_large', 'poor_fit')
        ) as has_size_complaint_30d,
        bool_or(is_in_time and reason = 'not_as_described')
            as has_nad_complaint_30d,
    from (
        select
            complaints.*,
            coalesce(
                complaints.complained_date <= exposures.exposed_date + 30,
                false
            ) as is_in_time,
        from complaints
        left join exposures
            on complaints.order_item_id = exposures.order_item_id
    ) as complaints
    group by complaints.order_item_id

),

final as (

    select
        -- ids
        lines.order_item_id,
        lines.order_id,
        lines.source_system,
        lines.product_id,
        lines.customer_id,

        -- text
        lines.variant,
        lines.lot,
        lines.warehouse,
        lines.carrier,
        lines.market,
        lines.sales_channel,
        lines.delivery_basis,
        lines.product_name as sold_as,
        lines.brand as sold_brand,

        -- numerics
        lines.quantity,
        lines.line_amount_reporting,
        case when lines.is_delivered then lines.quantity else 0 end
            as delivered_units,
        case when lines.is_matured_14d then lines.quantity else 0 end
            as matured_units_14d,
        case when lines.is_matured_30d then lines.quantity else 0 end
            as matured_units_30d,
        case when lines.is_matured_60d then lines.quantity else 0 end
            as matured_units_60d,
        case when lines.is_matured_90d then lines.quantity else 0 end
            as matured_units_90d,
        coalesce(returned.returned_units, 0)::bigint as returned_units,
        coalesce(returned.returned_units_14d, 0)::bigint as returned_units_14d,
        coalesce(returned.returned_units_30d, 0)::bigint as returned_units_30d,
        coalesce(returned.returned_units_60d, 0)::bigint as returned_units_60d,
        coalesce(returned.returned_units_90d, 0)::bigint as returned_units_90d,

        -- booleans
        lines.is_cancelled,
        lines.is_delivered,
        lines.is_matured_14d,
        lines.is_matured_30d,
        lines.is_matured_60d,
        lines.is_matured_90d,
        coalesce(exposures.is_shipped, false) as is_shipped,
        coalesce(exposures.is_exposure_over_30d, false) as is_exposure_over_30d,
        complained.order_item_id is not null as has_product_complaint,
        coalesce(complained.has_product_complaint_30d, false)
            as has_product_complaint_30d,
        coalesce(complained.has_quality_complaint_30d, false)
            as has_quality_complaint_30d,
        coalesce(complained.has_size_complaint_30d, false)
            as has_size_complaint_30d,
        coalesce(complained.has_nad_complaint_30d, false)
            as has_nad_complaint_30d,

        -- timestamps
        lines.ordered_at,
        lines.ordered_at_local,
        lines.delivered_at,
        lines.delivered_at_local,
        lines.delivered_date,
    from lines
    left join returned on lines.order_item_id = returned.order_item_id
    left join exposures on lines.order_item_id = exposures.order_item_id
    left join complained on lines.order_item_id = complained.order_item_id

)

select * from final
