with

trackers as (

    select * from base_easypost__trackers

),

scans as (

    select
        *,
        {'moment': moment, 'text': occurred_at, 'day': place_date} as told,
        state_raw in (
            'delivered', 'failure', 'available_for_pickup',
            'arrived_at_pickup_location'
        ) as is_attempt,
    from base_easypost__scans

),

-- Whole scans are compared, so that of two at one moment the same one counts
-- in whatever order they are listed.
summaries as (

    select
        file_id,
        row_no,
        max({'moment': moment, 'state': state_raw}) as latest,
        min(told) filter (
            where status not in ('pre_transit', 'unknown', 'cancelled', 'error')
        ) as first_move,
        min(told) filter (where state_raw = 'delivered') as delivery,
        min(told) filter (where is_attempt) as attempt,
        min({'moment': moment, 'day': estimate})
            filter (where estimate is not null) as first_estimate,
        max({'moment': moment, 'country': country}) filter (
            where state_raw = 'delivered' and country is not null
        ) as last_place,
        min({'moment': moment, 'country': country})
            filter (where country is not null) as first_place,
    from scans
    where moment is not null
    group by file_id, row_no

),

joined as (

    select
        trackers.*,
        summaries.* exclude (file_id, row_no),
        lower(coalesce(nullif(tracker.is_return, ''), holder.is_return, ''))
        in ('true', '1') as is_return,
        lower(tracker.status) as told_status,
        lower(coalesce(tracker.status_detail, '')) as told_detail,
        tracker.carrier_detail as detail,
    from trackers
    left join summaries
        on trackers.file_id = summaries.file_id
        and trackers.row_no = summaries.row_no

),

renamed as (

    select
        -- ids
        case when tracking_code is not null then tracker_id end as shipment_id,
        nullif(trim(holder.reference), '') as order_id,
        tracking_code as tracking_number,

        -- text
        tracker.carrier as carrier,
        coalesce(
            detail.origin_tracking_location.country,
            holder.from_address.country,
            first_place.country
        ) as origin_country,
        coalesce(
            detail.destination_tracking_location.country,
            holder.to_address.country,
            last_place.country
        ) as destination_country,
        null::varchar as warehouse,
        case
            when
                told_status = 'delivered'
                and latest.state = 'return_to_sender/delivered'
                then latest.state
            when
                told_status in ('in_transit', 'failure', 'error', 'unknown')
                and told_detail not in ('', 'unknown', 'status_update')
                and coalesce(latest.state, '') <> 'failure'
                then told_detail
            else told_status
        end as status_raw,

        -- booleans
        is_return::varchar as is_return_leg,

        -- timestamps; a date is the day at the place
        first_move.text as shipped_at,
        coalesce(nullif(detail.initial_delivery_attempt, ''), attempt.text)
            as first_attempted_at,
        delivery.text as delivered_at,
        delivery.day as delivered_date,
        attempt.day as first_attempted_date,
        left(coalesce(
            nullif(detail.guaranteed_delivery_date, ''),
            first_estimate.day,
            nullif(detail.est_delivery_date_local, ''),
            nullif(tracker.est_delivery_date, '')
        ), 10) as promised_delivery_date,
        left(coalesce(
            nullif(detail.est_delivery_date_local, ''),
            nullif(tracker.est_delivery_date, '')
        ), 10) as estimated_delivery_date,
        coalesce(tracker.updated_at, tracker.created_at) as updated_at,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from joined

)

select * from renamed
