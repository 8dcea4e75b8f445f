with

-- Summing needs numbers before the one cast.
source as (

    select
        *,
        nullif(trim(amazon_order_id), '') as order_id,
        try_cast(item_price as decimal(18, 4)) as price,
        try_cast(shipping_price as decimal(18, 4)) as shipping,
        try_cast(gift_wrap_price as decimal(18, 4)) as gift_wrap,
        abs(try_cast(item_promotion_discount as decimal(18, 4))) as discount,
        abs(try_cast(ship_promotion_discount as decimal(18, 4)))
            as shipping_discount,
        -- Prices on these two leave out the tax, which is added at the till;
        -- everywhere else they include it.
        coalesce(
            lower(trim(sales_channel)) in ('amazon.com', 'amazon.ca'),
            false
        ) as is_tax_added,
        -- Not sent, though the order was.
        coalesce(item_status ilike 'cancel%', false)
        and not coalesce(order_status ilike 'cancel%', false) as is_left_out,
    from raw.amazon_orders__orders
    -- The shop that sold it has the order; Amazon only sent the goods.
    where not coalesce(sales_channel ilike 'non-amazon%', false)

),

taxed as (

    select
        *,
        case
            when is_tax_added then try_cast(item_tax as decimal(18, 4))
        end as tax,
        case
            when is_tax_added then try_cast(shipping_tax as decimal(18, 4))
        end as taxes_on_shipping,
        case
            when is_tax_added then try_cast(gift_wrap_tax as decimal(18, 4))
        end as taxes_on_gift_wrap,
    from source

),

lines as (

    select
        *,
        -- Rows without an order are not one order.
        case when order_id is null then row_no end as lone_row,
        -- No amount at all is unknown, not 0.
        case
            when
                not is_left_out
                and (
                    price is not null
                    or coalesce(shipping, 0) + coalesce(gift_wrap, 0) <> 0
                )
                then coalesce(price, 0)
                + coalesce(shipping, 0)
                + coalesce(gift_wrap, 0)
                + coalesce(tax, 0)
                + coalesce(taxes_on_shipping, 0)
                + coalesce(taxes_on_gift_wrap, 0)
                - coalesce(discount, 0)
                - coalesce(shipping_discount, 0)
        end as paid,
        -- What is no number is kept, so that the cast finds it and tells.
        coalesce(
            case when price is null then nullif(trim(item_price), '') end,
            case when shipping is null then nullif(trim(shipping_price), '') end,
            case
                when gift_wrap is null then nullif(trim(gift_wrap_price), '')
            end,
            case
                when discount is null
                    then nullif(trim(item_promotion_discount), '')
            end,
            case
                when shipping_discount is null
                    then nullif(trim(ship_promotion_discount), '')
            end,
            case
                when is_tax_added and tax is null
                    then nullif(trim(item_tax), '')
            end,
            case
                when is_tax_added and taxes_on_shipping is null
                    then nullif(trim(shipping_tax), '')
            end,
            case
                when is_tax_added and taxes_on_gift_wrap is null
                    then nullif(trim(gift_wrap_tax), '')
            end
        ) as unreadable_amount,
    from taxed

),

-- A report names an order with all of its lines.
summed as (

    select
        file_id,
        min(row_no) as row_no,
        order_id,
        min(purchase_date) as purchased_at,
        max(last_updated_date) as updated_at,
        max(order_status) as status,
        max(nullif(trim(sales_channel), '')) as sales_channel,
        max(ship_country) as country,
        max(currency) as currency,
        bool_or(
            lower(trim(is_replacement_order)) in ('true', 'yes', 'y', '1')
            or lower(trim(is_exchange_order)) in ('true', 'yes', 'y', '1')
        ) as is_exchange,
        coalesce(max(unreadable_amount), sum(paid)::varchar) as total_amount,
    from lines
    group by file_id, order_id, lone_row

),

renamed as (

    select
        -- ids; Amazon names no buyer
        order_id,
        null::varchar as customer_ref,

        -- text
        coalesce(sales_channel, 'amazon') as sales_channel,
        status,
        country as market,
        currency,

        -- numerics
        total_amount,
        null::varchar as refunded_amount,

        -- booleans
        coalesce(is_exchange, false)::varchar as is_exchange,

        -- timestamps
        purchased_at as ordered_at,
        null::varchar as paid_at,
        null::varchar as cancelled_at,
        null::varchar as shipped_at,
        null::varchar as delivered_at,
        null::varchar as promised_delivery_date,
        updated_at,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from summed

)

select * from renamed
