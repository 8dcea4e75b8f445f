with

source as (

    select
        file_id,
        row_no,
        tracking_id,
        is_sent_back,
        unnest(tracking.checkpoints) as scan,
    from base_aftership__trackings
    -- Of what is no parcel the tracking itself is told in quarantine.
    where tracking_id is not null

),

scans as (

    select
        *,
        scan.checkpoint_time as scanned_at,
        coalesce(scan.subtag, scan.tag) as state,
        scan.message as scan_message,
        coalesce(
            nullif(scan.location, ''),
            nullif(concat_ws(
                ', ',
                nullif(scan.city, ''),
                nullif(scan.state, ''),
                nullif(
                    coalesce(scan.country_region_name, scan.country_name),
                    ''
                )
            ), '')
        ) as place,
    from source

),

renamed as (

    select
        -- ids
        md5(concat_ws(
            '|', 'aftership', tracking_id, scanned_at, state, scan_message, place
        )) as carrier_event_id,
        tracking_id as shipment_id,

        -- text
        case
            when is_sent_back and state ilike 'delivered%' then 'Exception_011'
            else state
        end as state_raw,
        scan_message as message,
        place as location,
        coalesce(scan.country_region, scan.country_iso3)
            as country,

        -- timestamps
        scanned_at as occurred_at,
        -- A time that cannot be read is told once, as occurred_at.
        try_cast(regexp_extract(scanned_at, '^\d{4}-\d{2}-\d{2}') as date)::varchar
            as occurred_date,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from scans

)

select * from renamed
