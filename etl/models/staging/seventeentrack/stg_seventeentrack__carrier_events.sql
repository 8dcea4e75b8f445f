with

scans as (

    select * from base_seventeentrack__scans

),

-- What 17TRACK would not track: told in quarantine with its number and reason.
rejected as (

    select
        file_id,
        row_no,
        json_transform(record, '{
            "number": "VARCHAR",
            "code": "VARCHAR",
            "message": "VARCHAR",
            "error": {"code": "VARCHAR", "message": "VARCHAR"}
        }') as refusal,
    from raw.seventeentrack__rejected

),

renamed as (

    select
        -- ids
        md5(concat_ws(
            '|',
            'seventeentrack',
            parcel_number,
            date_trunc('minute', moment)::varchar,
            text_key,
            if(text_key = '', state, '')
        )) as carrier_event_id,
        parcel_number as shipment_id,

        -- text
        state as state_raw,
        message,
        location,
        country,

        -- timestamps
        occurred_at,
        -- A time that cannot be read is told once, as occurred_at.
        try_cast(regexp_extract(day_text, '^\d{4}-\d{2}-\d{2}') as date)::varchar
            as occurred_date,

        file_id as _file_id,
        row_no as _row_no,
        time_zone as _time_zone,
    from scans
    where parcel_number is not null
    union all
    select
        md5(concat_ws('|', 'rejected', file_id, row_no)),
        coalesce(refusal.number, 'none'),
        null,
        null,
        null,
        null,
        'rejected by 17TRACK: ' || concat_ws(
            ' ',
            refusal.number,
            coalesce(refusal.error.code, refusal.code),
            coalesce(refusal.error.message, refusal.message)
        ),
        null,
        file_id,
        row_no,
        'UTC',
    from rejected
    -- Registered before: nothing is lost.
    where coalesce(refusal.error.code, refusal.code, '') <> '-18019901'

)

select * from renamed
