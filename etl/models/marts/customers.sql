with

orders as (

    select * from staging.int_orders

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
    from orders
    where not is_cancelled and customer_id is not null
    group by customer_id

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

        -- timestamps
        purchases.first_order_at,
    from seen
    left join residences on seen.customer_id = residences.customer_id
    left join purchases on seen.customer_id = purchases.customer_id
    where seen.customer_id is not null

)

select * from final
