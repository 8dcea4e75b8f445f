with

source as (

    select
        *,
        nullif(trim(name), '') as order_name,
    from raw.shopify__orders

),

-- The order's own cells stand on its first row. A file that begins in the middle
-- of an order has lines only: the order is in another file.
ranked as (

    select
        *,
        row_number() over (
            partition by file_id, coalesce(order_name, 'row ' || row_no)
            order by row_no
        ) as row_rank,
    from source
    where nullif(trim(created_at), '') is not null

),

heads as (

    select
        *,
        lower(coalesce(
            nullif(trim(email), ''),
            nullif(trim(phone), ''),
            nullif(trim(billing_phone), '')
        )) as buyer,
        coalesce(
            nullif(trim(shipping_country), ''),
            nullif(trim(billing_country), '')
        ) as country,
        -- Exchanges and re-sent goods are told by tag, sales source or payment
        -- method; an order of zero total is judged in the marts.
        coalesce(
            regexp_matches(
                lower(tags),
                '(^|,)\s*((loop|aftership|returngo)[ _-]?)?(exchange|exchange[ _-]order|replacement|reship|换货|补发)\s*(,|$)'
            ),
            false
        )
        or coalesce(lower(source) like '%exchange%', false)
        or coalesce(lower(payment_method) like '%exchange%', false)
            as is_exchange_order,
    from ranked
    where row_rank = 1

),

renamed as (

    select
        -- ids
        order_name as order_id,
        buyer as customer_ref,

        -- text
        coalesce(nullif(trim(source), ''), 'web') as sales_channel,
        financial_status as status,
        country as market,
        currency,

        -- numerics
        total as total_amount,
        refunded_amount,

        -- booleans
        is_exchange_order::varchar as is_exchange,

        -- timestamps
        created_at as ordered_at,
        paid_at,
        cancelled_at,
        fulfilled_at as shipped_at,
        null::varchar as delivered_at,
        null::varchar as promised_delivery_date,
        null::varchar as updated_at,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from heads

)

select * from renamed
