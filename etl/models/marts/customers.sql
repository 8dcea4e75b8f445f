with

orders as (

    select * from main.orders

),

run as (

    select * from staging.run

),

person_ids as (

    select * from staging.int_ids where entity = 'persons'

),

known_customers as (

    select
        customers.*,
        coalesce(person_ids.id, customers.customer_ref) as customer_id,
    from staging.customers as customers
    left join person_ids
        on customers.source_system = person_ids.source_system
        and customers.customer_ref = person_ids.source_id

),

tickets as (

    select * from main.tickets

),

returns as (

    select * from main.returns

),

surveys as (

    select * from main.survey_responses

),

seen as (

    select customer_id from orders
    union
    select customer_id from known_customers
    union
    select customer_id from tickets
    union
    select customer_id from returns
    union
    select customer_id from surveys

),

purchases as (

    select
        customer_id,
        min(ordered_at) as first_order_at,
        count(*) as order_count,
        arg_max(market, (ordered_at, order_id))
            filter (where market <> 'unknown') as last_market,
        sum(unit_count) as ordered_units,
        count(*) filter (where is_paid) as paid_order_count,
        min(ordered_at) filter (where is_paid) as first_paid_at,
        min(ordered_at_local) filter (where is_paid) as first_paid_at_local,
        min(ordered_date) filter (where is_paid) as first_paid_date,
    from orders
    where not is_cancelled and customer_id is not null
    group by customer_id

),

returned as (

    select
        customer_id,
        count(*) as return_count,
        sum(quantity) as returned_units,
        sum(returned_value_reporting) as returned_value,
        count(distinct reason) filter (
            where reason not in ('no_reason', 'unmapped')
        ) as reason_count,
        count(*) filter (where is_claim_without_scan) as claim_count,
    from returns
    where is_completed and customer_id is not null
    group by customer_id

),

-- An order's refunds have no day; what its returns do not tell of them counts as
-- paid back with the order.
order_refunds as (

    select
        order_id,
        sum(refund_amount_reporting) as amount,
    from returns
    where order_id is not null
    group by order_id

),

earned as (

    select
        orders.customer_id,
        sum(orders.total_amount_reporting) as amount,
        bool_or(orders.total_amount_reporting is null) as has_unknown_amount,
        sum(greatest(
            coalesce(orders.refunded_amount_reporting, 0)
            - coalesce(order_refunds.amount, 0),
            0
        )) as other_refunds,
    from orders
    inner join purchases on orders.customer_id = purchases.customer_id
    left join order_refunds on orders.order_id = order_refunds.order_id
    where
        orders.is_paid
        and orders.ordered_date <= purchases.first_paid_date + 365
    group by orders.customer_id

),

refunded as (

    select
        returns.customer_id,
        sum(returns.refund_amount_reporting) as amount,
    from returns
    inner join purchases on returns.customer_id = purchases.customer_id
    where
        coalesce(returns.refunded_date, returns.returned_date)
        <= purchases.first_paid_date + 365
    group by returns.customer_id

),

residences as (

    select
        customer_id,
        arg_max(
            country,
            (
                coalesce(updated_at, '-infinity'::timestamp),
                source_system,
                customer_ref
            )
        ) as country,
    from known_customers
    where country is not null
    group by customer_id

),

final as (

    select
        -- ids
        seen.customer_id,

        -- text
        coalesce(residences.country, purchases.last_market, 'unknown')
            as country,

        -- numerics
        coalesce(purchases.order_count, 0) as order_count,
        coalesce(purchases.paid_order_count, 0) as paid_order_count,
        coalesce(purchases.ordered_units, 0)::bigint as ordered_units,
        coalesce(returned.return_count, 0) as return_count,
        coalesce(returned.returned_units, 0)::bigint as returned_units,
        returned.returned_value::decimal(18, 4) as returned_value_reporting,
        coalesce(returned.reason_count, 0) as return_reason_count,
        coalesce(returned.claim_count, 0) as claim_without_scan_count,
        case
            when not earned.has_unknown_amount
                then earned.amount
                - earned.other_refunds
                - coalesce(refunded.amount, 0)
        end::decimal(18, 4) as value_365d_reporting,

        -- booleans
        returned.customer_id is not null as is_returner,
        -- Day 365 is in the window, and the day of a watermark is not over.
        coalesce(
            purchases.first_paid_date + 365 < run.orders_complete_to_date
            and purchases.first_paid_date + 365 < coalesce(
                run.returns_complete_to_date,
                run.orders_complete_to_date
            ),
            false
        ) as is_matured_365d,

        -- timestamps
        purchases.first_order_at,
        purchases.first_paid_at,
        purchases.first_paid_at_local,
        purchases.first_paid_date,
    from seen
    cross join run
    left join residences on seen.customer_id = residences.customer_id
    left join purchases on seen.customer_id = purchases.customer_id
    left join returned on seen.customer_id = returned.customer_id
    left join earned on seen.customer_id = earned.customer_id
    left join refunded on seen.customer_id = refunded.customer_id
    where seen.customer_id is not null

)

select * from final
