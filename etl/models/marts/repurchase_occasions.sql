with

returns as (

    select * from main.returns

),

orders as (

    select * from main.orders

),

run as (

    select * from staging.run

),

returners as (

    select distinct customer_id
    from returns
    where is_completed and customer_id is not null

),

-- Who has never returned anything, from the day an order arrived.
deliveries as (

    select orders.*
    from orders
    anti join returners on orders.customer_id = returners.customer_id
    where
        orders.customer_id is not null
        and orders.is_paid
        and orders.is_delivered
        and orders.ordered_date <= orders.cohort_date

),

purchases as (

    select distinct
        customer_id,
        ordered_date,
    from orders
    where is_paid and customer_id is not null

),

followed as (

    select
        deliveries.*,
        purchases.ordered_date - deliveries.cohort_date as days_to_repurchase,
        -- The last day of the window must be over.
        run.orders_complete_to_date - deliveries.cohort_date - 1 as days_since,
    from deliveries
    cross join run
    asof left join purchases
        on deliveries.customer_id = purchases.customer_id
        and deliveries.cohort_date < purchases.ordered_date

),

final as (

    select
        -- ids
        'return:' || return_id as occasion_id,
        customer_id,
        order_id,

        -- text
        'return' as kind,
        market,
        sales_channel,
        resolution,
        reason,
        reason_group,

        -- booleans
        is_matured_30d,
        is_matured_60d,
        is_matured_90d,
        is_repurchased_30d,
        is_repurchased_60d,
        is_repurchased_90d,

        -- timestamps
        returned_at as occurred_at,
        returned_at_local as occurred_at_local,
    from returns
    where is_completed and customer_id is not null
    union all
    select
        'order:' || order_id as occasion_id,
        customer_id,
        order_id,
        'delivery' as kind,
        market,
        sales_channel,
        'none' as resolution,
        'none' as reason,
        'none' as reason_group,
        days_since >= 30 as is_matured_30d,
        days_since >= 60 as is_matured_60d,
        days_since >= 90 as is_matured_90d,
        coalesce(days_to_repurchase <= 30, false) as is_repurchased_30d,
        coalesce(days_to_repurchase <= 60, false) as is_repurchased_60d,
        coalesce(days_to_repurchase <= 90, false) as is_repurchased_90d,
        cohort_date::timestamp as occurred_at,
        cohort_date::timestamp as occurred_at_local,
    from followed

)

select * from final
