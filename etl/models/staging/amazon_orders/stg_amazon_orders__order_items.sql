with

lines as (

    select
        *,
        try_cast(quantity as decimal(18, 4)) as units,
    from base_amazon_orders__lines

),

renamed as (

    select
        -- ids
        order_id || ':' || sku
        || case when occurrence > 1 then ':' || occurrence else '' end
            as order_item_id,
        order_id,
        sku as product_id,

        -- text
        product_name,
        null::varchar as variant,
        null::varchar as brand,
        null::varchar as lot,
        null::varchar as warehouse,
        currency,

        -- numerics; the report's price is that of all units of the line
        case when is_left_out then '0' else quantity end as quantity,
        case
            when item_price is not null and price is null then item_price
            when units > 0 then (price / units)::decimal(18, 4)::varchar
        end as unit_price,
        case when not is_left_out then ltrim(item_discount, '-') end
            as discount_amount,

        -- timestamps
        updated_at,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from lines

)

select * from renamed
