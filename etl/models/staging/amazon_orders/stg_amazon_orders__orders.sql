with

lines as (

    select
        *,
        -- Rows without an order are not one order.
        case when order_id is null then row_no end as lone_row,
    from base_amazon_orders__lines

),

-- A report names an order with all of its lines.
summed as (

    select
        file_id,
        min(row_no) as row_no,
        order_id,
        min(purchased_at) as purchased_at,
        max(updated_at) as updated_at,
        max(status) as status,
        max(sales_channel) as sales_channel,
        max(country) as country,
        max(currency) as currency,
        bool_or(is_exchange) as is_exchange,
        coalesce(
            max(unreadable_amount),
            sum(paid) filter (where not is_left_out)::varchar
        ) as total_amount,
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
        is_exchange::varchar as is_exchange,

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
