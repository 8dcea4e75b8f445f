with

-- One tracking a record, whatever it came in: a list, an answer for one
-- tracking (today `data`, before `data.tracking`), a webhook's `msg`.
records as (

    select
        file_id,
        row_no,
        coalesce(record -> '$.tracking', record) as record,
    from raw.aftership__trackings
    union all
    select
        file_id,
        row_no,
        coalesce(record -> '$.data.tracking', record -> '$.data') as record,
    from raw.aftership__responses
    where json_type(record, '$.data.trackings') is null
    union all
    select
        file_id,
        row_no,
        unnest((record -> '$.data.trackings')::json[]) as record,
    from raw.aftership__responses
    where json_type(record, '$.data.trackings') = 'ARRAY'

),

source as (

    select
        *,
        -- Before 2025-01 `id` was what is now `legacy_id`.
        coalesce(
            record ->> '$.legacy_id',
            record ->> '$.id',
            concat_ws(':', record ->> '$.slug', record ->> '$.tracking_number')
        ) as tracking_id,
        coalesce(record ->> '$.subtag', record ->> '$.tag') as state,
        coalesce(lower(record ->> '$.return_to_sender') = 'true', false)
            as is_sent_back,
        record ->> '$.shipment_delivery_date' as delivery_time,
        record ->> '$.first_attempted_at' as attempt_time,
    from records
    where (record ->> '$.tracking_number') is not null

),

renamed as (

    select
        -- ids
        tracking_id as shipment_id,
        coalesce(
            nullif(record ->> '$.order_number', ''),
            nullif(record ->> '$.order_id', '')
        ) as order_id,
        record ->> '$.tracking_number' as tracking_number,

        -- text
        record ->> '$.slug' as carrier,
        coalesce(
            record ->> '$.origin_country_region',
            record ->> '$.origin_country_iso3'
        ) as origin_country,
        coalesce(
            record ->> '$.destination_country_region',
            record ->> '$.destination_country_iso3',
            record ->> '$.courier_destination_country_iso3'
        ) as destination_country,
        null::varchar as warehouse,
        -- A parcel that came back to its sender was not delivered to a customer.
        case
            when is_sent_back and state ilike 'delivered%' then 'Exception_011'
            else state
        end as status_raw,

        -- booleans
        (
            regexp_matches(
                lower(concat_ws(
                    ',',
                    record ->> '$.shipment_tags',
                    record ->> '$.order_tags'
                )),
                '(^|[",\[])\s*(return|returns|return[ _-](label|leg|parcel)|退货)\s*($|[",\]])'
            )
            or coalesce(
                lower(record ->> '$.custom_fields.is_return')
                in ('true', 'yes', '1'),
                false
            )
        )::varchar as is_return_leg,

        -- timestamps; a date is the day at the place, so the text's own day
        record ->> '$.shipment_pickup_date' as shipped_at,
        attempt_time as first_attempted_at,
        case when not is_sent_back then delivery_time end as delivered_at,
        case when not is_sent_back then left(delivery_time, 10) end
            as delivered_date,
        left(attempt_time, 10) as first_attempted_date,
        left(coalesce(
            record ->> '$.order_promised_delivery_date',
            record ->> '$.first_estimated_delivery.datetime',
            record ->> '$.first_estimated_delivery.datetime_max',
            record ->> '$.courier_estimated_delivery_date.estimated_delivery_date',
            record ->> '$.courier_estimated_delivery_date.estimated_delivery_date_max',
            record ->> '$.expected_delivery'
        ), 10) as promised_delivery_date,
        left(coalesce(
            record ->> '$.latest_estimated_delivery.datetime',
            record ->> '$.latest_estimated_delivery.datetime_max',
            record ->> '$.courier_estimated_delivery_date.estimated_delivery_date',
            record ->> '$.courier_estimated_delivery_date.estimated_delivery_date_max',
            record ->> '$.expected_delivery'
        ), 10) as estimated_delivery_date,
        record ->> '$.updated_at' as updated_at,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from source

)

select * from renamed
