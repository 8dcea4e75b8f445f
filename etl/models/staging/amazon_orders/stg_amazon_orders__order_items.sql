with

source as (

    select
        file_id,
        row_no,
        nullif(trim(amazon_order_id), '') as order_id,
        nullif(trim(sku), '') as sku,
        order_item_id as amazon_item_id,
        product_name,
        currency,
        quantity,
        nullif(trim(item_price), '') as item_price,
        item_promotion_discount,
        last_updated_date,
        -- Not sent, though the order was.
        coalesce(item_status ilike 'cancel%', false)
        and not coalesce(order_status ilike 'cancel%', false) as is_left_out,
    from raw.amazon_orders__orders
    -- The shop that sold it has the order; Amazon only sent the goods.
    where not coalesce(sales_channel ilike 'non-amazon%', false)

),

repeated as (

    select
        file_id,
        order_id,
        sku,
    from source
    group by file_id, order_id, sku
    having count(*) > 1

),

-- No row id, and the same line has the same number in every report: a column of
-- item ids, which not all reports have, only puts equal SKUs in order.
numbered as (

    select
        source.file_id,
        source.row_no,
        row_number() over (
            partition by source.file_id, source.order_id, source.sku
            order by nullif(trim(source.amazon_item_id), ''), source.row_no
        ) as occurrence,
    from source
    semi join repeated
        on source.file_id = repeated.file_id
        and source.order_id = repeated.order_id
        and source.sku = repeated.sku

),

lines as (

    select
        source.*,
        numbered.occurrence,
        try_cast(source.item_price as decimal(18, 4)) as price,
        try_cast(source.quantity as decimal(18, 4)) as units,
    from source
    left join numbered
        on source.file_id = numbered.file_id
        and source.row_no = numbered.row_no

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
        case
            when not is_left_out then ltrim(trim(item_promotion_discount), '-')
        end as discount_amount,

        -- timestamps
        last_updated_date as updated_at,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from lines

)

select * from renamed
