with

source as (

    select * from raw.amazon_fba_returns__returns

),

renamed as (

    select
        -- ids
        sku as product_id,

        -- text
        product_name,
        null::varchar as category,
        null::varchar as brand,
        null::varchar as supplier,
        null::varchar as currency,

        -- numerics
        null::varchar as unit_cost,

        -- timestamps
        case
            when regexp_matches(trim(return_date), '^\d{1,2}-[A-Za-z]+-\d{4}$')
                then coalesce(
                    try_strptime(trim(return_date), ['%d-%b-%Y', '%d-%B-%Y'])
                    ::date::varchar,
                    return_date
                )
            else return_date
        end as updated_at,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from source
    where
        nullif(trim(sku), '') is not null
        and nullif(trim(product_name), '') is not null

)

select * from renamed
