with

scans as (

    select * from base_easypost__scans

),

renamed as (

    select
        -- ids
        md5(concat_ws(
            '|', 'easypost', tracker_id, told_at, state_raw, words, city, zip
        )) as carrier_event_id,
        tracker_id as shipment_id,

        -- text
        state_raw,
        message,
        nullif(concat_ws(', ', city, state, country), '') as location,
        country,

        -- timestamps
        occurred_at,
        -- A time that cannot be read is told once, as occurred_at.
        try_cast(regexp_extract(place_date, '^\d{4}-\d{2}-\d{2}') as date)::varchar
            as occurred_date,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from scans

)

select * from renamed
