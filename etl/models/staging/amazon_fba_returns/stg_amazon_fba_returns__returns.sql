with

raw_returns as (

    select * from raw.amazon_fba_returns__returns

),

-- Downloads from the site write English days; what may be day or month first stays
-- for the cast, which tells.
dated as (

    select
        * exclude (return_date),
        case
            when regexp_matches(trim(return_date), '^\d{1,2}-[A-Za-z]+-\d{4}$')
                then coalesce(
                    try_strptime(trim(return_date), ['%d-%b-%Y', '%d-%B-%Y'])
                    ::date::varchar,
                    return_date
                )
            else return_date
        end as return_date,
    from raw_returns

),

source as (

    select
        *,
        nullif(trim(license_plate_number), '') as license_plate,
        concat_ws(
            '|', order_id, coalesce(nullif(trim(fnsku), ''), sku),
            return_date, reason
        ) as natural_key,
    from dated

),

-- Rows alike in all of the natural key and without a licence plate are several
-- units when they stand in one file, and repetitions across files.
numbered as (

    select
        *,
        row_number() over (
            partition by file_id, natural_key, license_plate is null
            order by row_no
        ) as occurrence,
    from source

),

renamed as (

    select
        -- ids: the licence plate names one unit, so the same unit reported
        -- under several dates is one return and the latest date wins.
        case
            when license_plate is not null
                then md5(concat_ws('|', order_id, sku, license_plate))
            else md5(natural_key || '|' || occurrence)
        end as return_id,
        order_id,
        null::varchar as order_item_id,
        sku as product_id,
        null::varchar as customer_ref,

        -- text
        null::varchar as lot,
        reason as reason_raw,
        customer_comments as comment,
        status,
        detailed_disposition as disposition,
        -- "Reimbursed" is Amazon paying the seller, not a refund.
        null::varchar as resolution,
        null::varchar as currency,
        null::varchar as market,
        'amazon' as sales_channel,
        fulfillment_center_id as warehouse,

        -- numerics
        quantity,
        null::varchar as refund_amount,

        -- timestamps
        return_date as returned_at,
        null::varchar as requested_at,
        null::varchar as refunded_at,
        return_date as updated_at,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from numbered

)

select * from renamed
