with

parcels as (

    select
        *,
        list_filter(info.milestone, lambda m: m.key_stage = 'PickedUp')[1]
            as picked_up,
        list_filter(info.milestone, lambda m: m.key_stage = 'Delivered')[1]
            as delivered,
        coalesce(
            nullif(info.time_metrics.estimated_delivery_date.to, ''),
            nullif(info.time_metrics.estimated_delivery_date.from, '')
        ) as estimate,
        list_max(list_transform(
            info.tracking.providers,
            lambda p: try_cast(p.latest_sync_time as timestamptz)
        )) as synced_at,
    from base_seventeentrack__parcels

),

scans as (

    select
        *,
        {
            'moment': moment,
            'text': strftime(moment, '%Y-%m-%dT%H:%M:%S')
            || if(offset_minutes is null and clock is not null, '', 'Z'),
            'day': day_text
        } as told,
    from base_seventeentrack__scans

),

-- Whole scans are compared, so that of two at one moment the same one counts
-- in whatever order they are listed.
summaries as (

    select
        file_id,
        row_no,
        part_no,
        max({'moment': moment, 'state': state}) filter (where state is not null)
            as latest,
        min(told) filter (where not regexp_matches(
            state, '^(InfoReceived|NotFound|Expired|Exception_Cancel)'
        )) as first_move,
        min(told) filter (where state like 'Delivered%') as delivery,
        min(told) filter (where regexp_matches(
            state, '^(DeliveryFailure|AvailableForPickup|Delivered)'
        )) as attempt,
        count(*) as scan_count,
    from scans
    where moment is not null
    group by file_id, row_no, part_no

),

named as (

    select
        parcels.*,
        summaries.* exclude (file_id, row_no, part_no),
        coalesce(
            list_filter(
                info.tracking.providers,
                lambda p: p.provider.key = parcel.carrier
            )[1].provider.name,
            info.tracking.providers[1].provider.name,
            nullif(parcel.carrier, '0')
        ) as carrier_name,
        coalesce(nullif(info.latest_status.sub_status, ''), told_status)
            as status,
        coalesce(
            nullif(delivered.time_iso, ''), nullif(delivered.time_utc, '')
        ) as delivered_milestone,
        coalesce(
            nullif(picked_up.time_iso, ''), nullif(picked_up.time_utc, '')
        ) as picked_up_milestone,
        coalesce(
            parcel.param->>'order_no',
            parcel.param->>'order_number',
            parcel.param->>'order_id'
        ) as param_order,
    from parcels
    left join summaries
        on parcels.file_id = summaries.file_id
        and parcels.row_no = summaries.row_no
        and parcels.part_no = summaries.part_no

),

renamed as (

    select
        -- ids; version 1 of the API is not read
        case when parcel.track is null or info is not null then parcel_number end
            as shipment_id,
        coalesce(
            nullif(trim(parcel.order_no), ''),
            case when regexp_matches(tag_rest, '\d') then tag_rest end,
            nullif(trim(param_order), ''),
            nullif(trim(info.misc_info.customer_number), ''),
            nullif(trim(info.misc_info.reference_number), '')
        ) as order_id,
        parcel_number as tracking_number,

        -- text
        carrier_name as carrier,
        coalesce(
            info.shipping_info.shipper_address.country, parcel.shipping_country
        ) as origin_country,
        coalesce(
            info.shipping_info.recipient_address.country,
            parcel.recipient_country
        ) as destination_country,
        null::varchar as warehouse,
        -- The newest scan, read, is truer than its code.
        case
            when status like 'Delivered%' and latest is not null
                then latest.state
            else coalesce(status, parcel.package_status)
        end as status_raw,

        -- booleans
        is_return_leg::varchar as is_return_leg,

        -- timestamps; a date is the day at the place, so the text's own day
        coalesce(
            picked_up_milestone, first_move.text, nullif(parcel.pickup_time, '')
        ) as shipped_at,
        attempt.text as first_attempted_at,
        coalesce(
            delivery.text,
            case
                when scan_count is null and status like 'Delivered%'
                    then delivered_milestone
            end,
            nullif(parcel.delievery_time, ''),
            nullif(parcel.delivery_time, '')
        ) as delivered_at,
        coalesce(
            delivery.day,
            case
                when scan_count is null and status like 'Delivered%'
                    then left(delivered_milestone, 10)
            end
        ) as delivered_date,
        attempt.day as first_attempted_date,
        left(estimate, 10) as promised_delivery_date,
        left(estimate, 10) as estimated_delivery_date,
        -- A number once found is not unknown again: 17TRACK also answers for
        -- carriers it was taken for before. The lists tell least of all.
        case
            when told_status <> 'NotFound'
                then coalesce(
                    strftime(timezone('UTC', synced_at), '%Y-%m-%dT%H:%M:%SZ'),
                    strftime(latest.moment, '%Y-%m-%dT%H:%M:%SZ')
                )
        end as updated_at,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from named

)

select * from renamed
