with

source as (

    select
        *,
        lower(coalesce(
            nullif(trim(email), ''),
            nullif(trim(phone), ''),
            nullif(trim(billing_phone), '')
        )) as buyer,
    from raw.shopify__orders

),

renamed as (

    select
        -- ids
        buyer as customer_ref,
        null::varchar as person_ref,

        -- text
        coalesce(
            nullif(trim(shipping_country), ''),
            nullif(trim(billing_country), '')
        ) as country,

        -- timestamps
        created_at as updated_at,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from source
    where buyer is not null and nullif(trim(created_at), '') is not null

)

select * from renamed
