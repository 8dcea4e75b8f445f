-- One row per tracker and version: those of real parcels, those of EasyPost's
-- test mode only from a file or folder named `test-mode`.
with

-- A tracker alone, or inside the shipment whose label it follows.
found as (

    select
        file_id,
        row_no,
        json_transform(record, '{
            "object": "VARCHAR",
            "reference": "VARCHAR",
            "tracker": "JSON",
            "to_address": {"country": "VARCHAR"},
            "from_address": {"country": "VARCHAR"},
            "is_return": "VARCHAR"
        }') as holder,
        record,
    from (
        select * from raw.easypost__trackers
        union all by name
        select * from raw.easypost__shipments
    )

),

-- Parsed once for both models.
parsed as (

    select
        file_id,
        row_no,
        holder,
        json_transform(
            if(holder.tracker is null, record, holder.tracker), '{
            "id": "VARCHAR",
            "object": "VARCHAR",
            "mode": "VARCHAR",
            "tracking_code": "VARCHAR",
            "status": "VARCHAR",
            "status_detail": "VARCHAR",
            "created_at": "VARCHAR",
            "updated_at": "VARCHAR",
            "est_delivery_date": "VARCHAR",
            "shipment_id": "VARCHAR",
            "carrier": "VARCHAR",
            "is_return": "VARCHAR",
            "tracking_details": [{
                "message": "VARCHAR",
                "status": "VARCHAR",
                "status_detail": "VARCHAR",
                "datetime": "VARCHAR",
                "source": "VARCHAR",
                "est_delivery_date": "VARCHAR",
                "tracking_location": {
                    "city": "VARCHAR",
                    "state": "VARCHAR",
                    "country": "VARCHAR",
                    "zip": "VARCHAR"
                }
            }],
            "carrier_detail": {
                "est_delivery_date_local": "VARCHAR",
                "guaranteed_delivery_date": "VARCHAR",
                "initial_delivery_attempt": "VARCHAR",
                "origin_tracking_location": {"country": "VARCHAR"},
                "destination_tracking_location": {
                    "city": "VARCHAR",
                    "state": "VARCHAR",
                    "country": "VARCHAR",
                    "zip": "VARCHAR"
                }
            }
        }') as tracker,
    from found

),

files as (

    select
        file_id,
        bool_or(regexp_matches(lower(path), '(^|[/_.-])test[ _-]?mode([/_.-]|$)'))
            as is_asked_for,
    from raw.files
    group by file_id

),

source as (

    select
        parsed.*,
        nullif(trim(tracker.tracking_code), '') as tracking_code,
        -- Carriers use a code again after months; the tracker's own id is new
        -- then. Without it the day it was made tells them apart.
        coalesce(
            nullif(tracker.id, ''),
            lower(tracker.carrier) || ':' || tracker.tracking_code
            || coalesce(':' || left(tracker.created_at, 10), '')
        ) as tracker_id,
    from parsed
    inner join files on parsed.file_id = files.file_id
    where
        coalesce(tracker.object, 'Tracker') = 'Tracker'
        and (coalesce(tracker.mode, '') <> 'test' or files.is_asked_for)

)

select * from source
