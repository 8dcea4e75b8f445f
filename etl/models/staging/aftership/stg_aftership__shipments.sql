with

source as (

    select
        *,
        coalesce(tracking.subtag, tracking.tag) as state,
        tracking.shipment_delivery_date as delivery_time,
        tracking.first_attempted_at as attempt_time,
    from base_aftership__trackings

),

renamed as (

    select
        -- ids
        tracking_id as shipment_id,
        coalesce(
            nullif(tracking.order_number, ''),
            nullif(tracking.order_id, '')
        ) as order_id,
        tracking.tracking_number as tracking_number,

        -- text
        tracking.slug as carrier,
        coalesce(
            tracking.origin_country_region,
            tracking.origin_country_iso3
        ) as origin_country,
        coalesce(
            tracking.destination_country_region,
            tracking.destination_country_iso3,
            tracking.courier_destination_country_iso3
        ) as destination_country,
        tracking.custom_fields.warehouse as warehouse,
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
                    tracking.shipment_tags,
                    tracking.order_tags
                )),
                '(^|[",\[])\s*(return|returns|return[ _-](label|leg|parcel)|退货)\s*($|[",\]])'
            )
            or coalesce(
                lower(tracking.custom_fields.is_return)
                in ('true', 'yes', '1'),
                false
            )
        )::varchar as is_return_leg,

        -- timestamps; a date is the day at the place, so the text's own day
        tracking.shipment_pickup_date as shipped_at,
        attempt_time as first_attempted_at,
        case when not is_sent_back then delivery_time end as delivered_at,
        case when not is_sent_back then left(delivery_time, 10) end
            as delivered_date,
        left(attempt_time, 10) as first_attempted_date,
        left(coalesce(
            tracking.order_promised_delivery_date,
            tracking.first_estimated_delivery.datetime,
            tracking.first_estimated_delivery.datetime_max,
            tracking.courier_estimated_delivery_date.estimated_delivery_date,
            tracking.courier_estimated_delivery_date.estimated_delivery_date_max,
            tracking.expected_delivery
        ), 10) as promised_delivery_date,
        left(coalesce(
            tracking.latest_estimated_delivery.datetime,
            tracking.latest_estimated_delivery.datetime_max,
            tracking.courier_estimated_delivery_date.estimated_delivery_date,
            tracking.courier_estimated_delivery_date.estimated_delivery_date_max,
            tracking.expected_delivery
        ), 10) as estimated_delivery_date,
        tracking.updated_at as updated_at,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from source

)

select * from renamed
