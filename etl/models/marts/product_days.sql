with

lines as (

    select * from main.order_items

),

returns as (

    select * from main.returns

),

run as (

    select * from staging.run

),

told as (

    select
        delivered_date as day,
        product_id,
        market,
        sales_channel,
        delivered_units,
        0 as received_units,
    from lines
    where is_delivered
    union all
    select
        returned_date as day,
        product_id,
        market,
        sales_channel,
        0 as delivered_units,
        quantity as received_units,
    from returns
    where is_completed

),

final as (

    select
        -- ids
        told.product_id,

        -- text
        told.market,
        told.sales_channel,

        -- numerics
        sum(told.delivered_units)::bigint as delivered_units,
        -- Where nobody exports returns it is not known that none came.
        case
            when any_value(run.returns_complete_to_date) is not null
                then sum(told.received_units)
        end::bigint as received_units,

        -- booleans; the day of a watermark is not over
        coalesce(
            told.day < any_value(run.returns_complete_to_date)
            and told.day < any_value(run.orders_complete_to_date),
            false
        ) as is_complete,

        -- timestamps
        told.day,
        told.day::timestamp as day_at_local,
    from told
    cross join run
    group by told.day, told.product_id, told.market, told.sales_channel

)

select * from final
