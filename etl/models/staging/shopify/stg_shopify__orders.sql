with

source as (

    select
        *,
        nullif(trim(name), '') as order_name,
        nullif(trim(created_at), '') is not null as has_order_cells,
    from raw.shopify__orders

),

-- The order's own cells stand on its first row of a file. A file that begins
-- in the middle of an order has lines only: the order is in another file.
ranked as (

    select
        *,
        row_number() over (
            partition by file_id, coalesce(order_name, 'row ' || row_no)
            order by has_order_cells desc, row_no
        ) as row_rank,
        bool_or(has_order_cells) over (
            partition by coalesce(order_name, file_id || ' row ' || row_no)
        ) as is_known_somewhere,
    from source

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
    where row_rank = 1 and (has_order_cells or not is_known_somewhere)

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
