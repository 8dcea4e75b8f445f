-- One row per parcel an answer or a webhook tells, with what it is known by.
with

pulled as (

    select
        file_id,
        row_no,
        record,
    from raw.seventeentrack__parcels
    union all
    select
        file_id,
        row_no,
        record,
    from raw.seventeentrack__pushes

),

-- A webhook kept with its headers: its body is text, as it was signed.
bodies as (

    select
        file_id,
        row_no,
        case
            when json_type(record->'body') = 'OBJECT' then record->>'body'
            when lower(record->>'isBase64Encoded') = 'true'
                then try(decode(from_base64(record->>'body')))
            else record->>'body'
        end as body,
    from raw.seventeentrack__webhooks

),

opened as (

    select
        file_id,
        row_no,
        case when json_valid(body) then body::json end->'data' as data,
    from bodies

),

unwrapped as (

    select
        file_id,
        row_no,
        unnest(case
            when json_type(data->'accepted') = 'ARRAY'
                then from_json(data->'accepted', '["JSON"]')
            else [coalesce(data, '{}'::json)]
        end) as record,
    from opened

),

-- Parsed once for both models. Two answers in one record are told apart.
parsed as (

    select
        file_id,
        row_no,
        row_number() over (partition by file_id, row_no) as part_no,
        json_transform(record, '{
            "number": "VARCHAR",
            "carrier": "VARCHAR",
            "tag": "VARCHAR",
            "param": "JSON",
            "order_no": "VARCHAR",
            "package_status": "VARCHAR",
            "shipping_country": "VARCHAR",
            "recipient_country": "VARCHAR",
            "pickup_time": "VARCHAR",
            "delievery_time": "VARCHAR",
            "delivery_time": "VARCHAR",
            "track": "JSON",
            "track_info": {
                "shipping_info": {
                    "shipper_address": {"country": "VARCHAR"},
                    "recipient_address": {"country": "VARCHAR"}
                },
                "latest_status": {
                    "status": "VARCHAR", "sub_status": "VARCHAR"
                },
                "latest_event": {
                    "time_iso": "VARCHAR",
                    "time_utc": "VARCHAR",
                    "time_raw": "JSON",
                    "description": "VARCHAR",
                    "description_translation": {"description": "VARCHAR"},
                    "location": "VARCHAR",
                    "stage": "VARCHAR",
                    "sub_status": "VARCHAR",
                    "address": {"country": "VARCHAR"}
                },
                "time_metrics": {
                    "estimated_delivery_date": {
                        "from": "VARCHAR", "to": "VARCHAR"
                    }
                },
                "milestone": [{
                    "key_stage": "VARCHAR",
                    "time_iso": "VARCHAR",
                    "time_utc": "VARCHAR",
                    "time_raw": "JSON"
                }],
                "misc_info": {
                    "customer_number": "VARCHAR",
                    "reference_number": "VARCHAR"
                },
                "tracking": {"providers": [{
                    "provider": {"key": "VARCHAR", "name": "VARCHAR"},
                    "latest_sync_time": "VARCHAR",
                    "events": [{
                        "time_iso": "VARCHAR",
                        "time_utc": "VARCHAR",
                        "time_raw": "JSON",
                        "description": "VARCHAR",
                        "description_translation": {"description": "VARCHAR"},
                        "location": "VARCHAR",
                        "stage": "VARCHAR",
                        "sub_status": "VARCHAR",
                        "address": {"country": "VARCHAR"}
                    }]
                }]}
            }
        }') as parcel,
    from (
        select * from pulled
        union all by name
        select * from unwrapped
    )

),

source as (

    select
        *,
        upper(nullif(trim(parcel.number), '')) as parcel_number,
        parcel.track_info as info,
        parcel.track_info.latest_status.status as told_status,
        -- What a seller writes into the tag: an order number, "return 1001".
        nullif(trim(regexp_replace(
            parcel.tag, '^\s*(returns?\b|退货)[\s:#_-]*', '', 'i'
        )), '') as tag_rest,
        coalesce(regexp_matches(lower(parcel.tag), '^\s*(returns?\b|退货)'), false)
            as is_return_leg,
    from parsed

)

-- Answers to a registration or a stop tell a number and nothing of its way.
select * from source
where
    told_status is not null
    or parcel.package_status is not null
    or parcel_number is null
    or parcel.track is not null
