with

listed as (

    select * from staging.products

),

lines as (

    select * from main.order_items

),

returns as (

    select * from main.returns

),

tickets as (

    select * from main.tickets

),

surveys as (

    select * from main.survey_responses

),

rates as (

    select * from staging.exchange_rates

),

-- A cost has no day: it is told at the latest rate.
latest_rates as (

    select
        currency,
        arg_max(rate, date) as rate,
    from staging.daily_rates
    group by currency

),

run as (

    select * from staging.run

),

-- Several systems may know one SKU: of each field the newest known value.
listings as (

    select
        listed.*,
        (
            coalesce(listed.updated_at, '-infinity'::timestamp),
            listed.source_system
        ) as recency,
        (
            listed.unit_cost
            * case
                when coalesce(listed.currency, run.reporting_currency)
                    = run.reporting_currency then 1
                else coalesce(latest_rates.rate, rates.rate)::double
            end
        )::decimal(18, 4) as unit_cost_reporting,
    from listed
    cross join run
    left join rates on listed.currency = rates.currency
    left join latest_rates on listed.currency = latest_rates.currency

),

catalogue as (

    select
        product_id,
        arg_max(product_name, recency) filter (where product_name is not null)
            as product_name,
        arg_max(category, recency) filter (where category is not null)
            as category,
        arg_max(brand, recency) filter (where brand is not null) as brand,
        arg_max(supplier, recency) filter (where supplier is not null)
            as supplier,
        arg_max(unit_cost_reporting, recency)
            filter (where unit_cost_reporting is not null)
            as unit_cost_reporting,
        min(source_system) as source_system,
    from listings
    group by product_id

),

-- Few titles, however many lines: the last one sold under, of several at one
-- moment the last by name.
titles as (

    select
        product_id,
        sold_as,
        sold_brand,
        min(ordered_at) as first_sold_at,
        coalesce(max(ordered_at), '-infinity'::timestamp) as last_sold_at,
        min(source_system) as source_system,
    from lines
    group by product_id, sold_as, sold_brand

),

sold as (

    select
        product_id,
        arg_max(sold_as, (last_sold_at, sold_as))
            filter (where sold_as is not null) as product_name,
        arg_max(sold_brand, (last_sold_at, sold_brand))
            filter (where sold_brand is not null) as brand,
        min(first_sold_at) as first_sold_at,
        min(source_system) as source_system,
    from titles
    group by product_id

),

mentioned as (

    select distinct product_id, source_system from returns
    union all
    select distinct product_id, source_system from tickets
    union all
    select distinct product_id, source_system from surveys

),

seen as (

    select product_id, min(source_system) as source_system
    from (
        select product_id, source_system from catalogue
        union all
        select product_id, source_system from sold
        union all
        select product_id, source_system from mentioned
    ) as everything
    group by product_id

),

final as (

    select
        -- ids
        seen.product_id,
        coalesce(
            catalogue.source_system,
            sold.source_system,
            seen.source_system
        ) as source_system,

        -- text
        coalesce(catalogue.product_name, sold.product_name, seen.product_id)
            as product_name,
        coalesce(catalogue.category, 'unknown') as category,
        coalesce(catalogue.brand, sold.brand, 'unknown') as brand,
        coalesce(catalogue.supplier, 'unknown') as supplier,

        -- numerics
        catalogue.unit_cost_reporting,

        -- timestamps
        sold.first_sold_at,
    from seen
    left join catalogue on seen.product_id = catalogue.product_id
    left join sold on seen.product_id = sold.product_id

)

select * from final
