-- One row per tracking and version.
with

-- Parsed once for both models: asking the text field by field costs ten times
-- more.
parsed as (

    select
        file_id,
        row_no,
        json_transform(record, '{
            "id": "VARCHAR",
            "legacy_id": "VARCHAR",
            "slug": "VARCHAR",
            "tracking_number": "VARCHAR",
            "order_number": "VARCHAR",
            "order_id": "VARCHAR",
            "origin_country_region": "VARCHAR",
            "origin_country_iso3": "VARCHAR",
            "destination_country_region": "VARCHAR",
            "destination_country_iso3": "VARCHAR",
            "courier_destination_country_iso3": "VARCHAR",
            "tag": "VARCHAR",
            "subtag": "VARCHAR",
            "return_to_sender": "VARCHAR",
            "shipment_tags": "VARCHAR",
            "order_tags": "VARCHAR",
            "custom_fields": {"warehouse": "VARCHAR", "is_return": "VARCHAR"},
            "shipment_pickup_date": "VARCHAR",
            "first_attempted_at": "VARCHAR",
            "shipment_delivery_date": "VARCHAR",
            "order_promised_delivery_date": "VARCHAR",
            "first_estimated_delivery": {
                "datetime": "VARCHAR", "datetime_max": "VARCHAR"
            },
            "latest_estimated_delivery": {
                "datetime": "VARCHAR", "datetime_max": "VARCHAR"
            },
            "courier_estimated_delivery_date": {
                "estimated_delivery_date": "VARCHAR",
                "estimated_delivery_date_max": "VARCHAR"
            },
            "aftership_estimated_delivery_date": {
                "estimated_delivery_date": "VARCHAR",
                "estimated_delivery_date_max": "VARCHAR"
            },
            "custom_estimated_delivery_date": {
                "datetime": "VARCHAR", "datetime_max": "VARCHAR"
            },
            "expected_delivery": "VARCHAR",
            "updated_at": "VARCHAR",
            "checkpoints": [{
                "checkpoint_time": "VARCHAR",
                "tag": "VARCHAR",
                "subtag": "VARCHAR",
                "message": "VARCHAR",
                "location": "VARCHAR",
                "city": "VARCHAR",
                "state": "VARCHAR",
                "country_region": "VARCHAR",
                "country_iso3": "VARCHAR",
                "country_region_name": "VARCHAR",
                "country_name": "VARCHAR"
            }]
        }') as tracking,
    from raw.aftership__trackings

),

source as (

    select
        *,
        -- Before 2025-01 `id` was what is now `legacy_id`. Without a tracking
        -- number it is no parcel: null, so that it ends in quarantine.
        case
            when nullif(trim(tracking.tracking_number), '') is not null
                then coalesce(
                    nullif(tracking.legacy_id, ''),
                    nullif(tracking.id, ''),
                    concat_ws(':', tracking.slug, tracking.tracking_number)
                )
        end as tracking_id,
        coalesce(lower(tracking.return_to_sender) = 'true', false)
            as is_sent_back,
    from parsed

)

select * from source
