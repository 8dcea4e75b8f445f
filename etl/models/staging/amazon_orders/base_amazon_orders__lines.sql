-- One row per order line of a file; without shipments for sales of other shops.
with

source as (

    select
        file_id,
        row_no,
        nullif(trim(amazon_order_id), '') as order_id,
        nullif(trim(sku), '') as sku,
        nullif(trim(order_item_id), '') as amazon_item_id,
        nullif(trim(product_name), '') as product_name,
        nullif(trim(order_status), '') as status,
        nullif(trim(sales_channel), '') as sales_channel,
        nullif(trim(ship_country), '') as country,
        nullif(trim(currency), '') as currency,
        nullif(trim(quantity), '') as quantity,
        nullif(trim(purchase_date), '') as purchased_at,
        nullif(trim(last_updated_date), '') as updated_at,
        coalesce(lower(trim(order_status)) like 'cancel%', false)
            as is_order_cancelled,
        coalesce(lower(trim(item_status)) like 'cancel%', false)
            as is_item_cancelled,
        coalesce(lower(trim(sales_channel)) like 'non-amazon%', false)
            as is_sold_elsewhere,
        -- Prices on these two leave out the tax, which is added at the till;
        -- everywhere else they include it.
        coalesce(
            lower(trim(sales_channel)) in ('amazon.com', 'amazon.ca'),
            false
        ) as is_tax_added,
        coalesce(
            lower(trim(is_replacement_order)) in ('true', 'yes', 'y', '1')
            or lower(trim(is_exchange_order)) in ('true', 'yes', 'y', '1'),
            false
        ) as is_exchange,
        nullif(trim(item_price), '') as item_price,
        nullif(trim(shipping_price), '') as shipping_price,
        nullif(trim(gift_wrap_price), '') as gift_wrap_price,
        nullif(trim(item_tax), '') as item_tax,
        nullif(trim(shipping_tax), '') as shipping_tax,
        nullif(trim(gift_wrap_tax), '') as gift_wrap_tax,
        nullif(trim(item_promotion_discount), '') as item_discount,
        nullif(trim(ship_promotion_discount), '') as shipping_discount,
    from raw.amazon_orders__orders

),

-- The shop that sold it has the order; Amazon only sent the goods.
sold_here as (

    select * from source where not is_sold_elsewhere

),

-- Summing needs numbers before the one cast: a text that is none is kept, so that
-- the cast finds it and tells.
numbered as (

    select
        *,
        try_cast(item_price as decimal(18, 4)) as price,
        coalesce(try_cast(shipping_price as decimal(18, 4)), 0)
        + coalesce(try_cast(gift_wrap_price as decimal(18, 4)), 0) as extras,
        coalesce(try_cast(item_tax as decimal(18, 4)), 0)
        + coalesce(try_cast(shipping_tax as decimal(18, 4)), 0)
        + coalesce(try_cast(gift_wrap_tax as decimal(18, 4)), 0) as tax,
        abs(coalesce(try_cast(item_discount as decimal(18, 4)), 0))
        + abs(coalesce(try_cast(shipping_discount as decimal(18, 4)), 0))
            as discount,
        coalesce(
            case when price is null then item_price end,
            case
                when try_cast(shipping_price as decimal(18, 4)) is null
                    then shipping_price
            end,
            case
                when try_cast(gift_wrap_price as decimal(18, 4)) is null
                    then gift_wrap_price
            end,
            case
                when try_cast(item_discount as decimal(18, 4)) is null
                    then item_discount
            end,
            case
                when try_cast(shipping_discount as decimal(18, 4)) is null
                    then shipping_discount
            end,
            case
                when is_tax_added and (
                    try_cast(coalesce(item_tax, '0') as decimal(18, 4)) is null
                )
                    then item_tax
            end,
            case
                when is_tax_added and (
                    try_cast(coalesce(shipping_tax, '0') as decimal(18, 4))
                    is null
                )
                    then shipping_tax
            end,
            case
                when is_tax_added and (
                    try_cast(coalesce(gift_wrap_tax, '0') as decimal(18, 4))
                    is null
                )
                    then gift_wrap_tax
            end
        ) as unreadable_amount,
    from sold_here

),

-- No row id, and the same line has the same number in every report: a column of
-- item ids, which not all reports have, only puts equal SKUs in order.
lines as (

    select
        *,
        -- Not sent, though the order was.
        is_item_cancelled and not is_order_cancelled as is_left_out,
        case
            when item_price is not null or extras <> 0
                then coalesce(price, 0) + extras - discount
                + case when is_tax_added then tax else 0 end
        end as paid,
        row_number() over (
            partition by file_id, order_id, sku
            order by amazon_item_id, row_no
        ) as occurrence,
    from numbered

)

select * from lines
