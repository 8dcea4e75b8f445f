with

source as (

    select
        file_id,
        trim(merchant_sku) as sku,
        arg_max(trim(item_name), row_no) as item_name,
        max(row_no) as row_no,
    from raw.amazon_mfn_returns__returns
    where
        nullif(trim(merchant_sku), '') is not null
        and nullif(trim(item_name), '') is not null
    group by file_id, trim(merchant_sku)

),

renamed as (

    select
        -- ids
        sku as product_id,

        -- text
        item_name as product_name,
        null::varchar as category,
        null::varchar as brand,
        null::varchar as supplier,
        null::varchar as currency,

        -- numerics
        null::varchar as unit_cost,

        -- timestamps; a name from a return overrules no product list
        null::varchar as updated_at,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from source

)

select * from renamed
