with

trackers as (

    select * from base_easypost__trackers

),

scans as (

    select * from base_easypost__scans

),

summaries as (

    select
        file_id,
        row_no,
        arg_max(state_raw, moment) as latest_state,
        arg_min(occurred_at, moment) filter (
            where status not in ('pre_transit', 'unknown', 'cancelled', 'error')
        ) as moved_at,
        arg_min(occurred_at, moment) filter (where state_raw = 'delivered')
            as delivered_at,
        arg_min(place_date, moment) filter (where state_raw = 'delivered')
            as delivered_date,
        arg_min(occurred_at, moment) filter (where state_raw in (
            'delivered', 'failure', 'available_for_pickup',
            'arrived_at_pickup_location'
        )) as attempted_at,
        arg_min(place_date, moment) filter (where state_raw in (
            'delivered', 'failure', 'available_for_pickup',
            'arrived_at_pickup_location'
        )) as attempted_date,
        arg_min(estimate, moment) as first_estimate,
        arg_max(country, moment) filter (where state_raw = 'delivered')
            as delivered_country,
        arg_min(country, moment) as first_country,
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
            first_country
        ) as origin_country,
        coalesce(
            detail.destination_tracking_location.country,
            holder.to_address.country,
            delivered_country
        ) as destination_country,
        null::varchar as warehouse,
        case
            when
                told_status = 'delivered'
                and latest_state = 'return_to_sender/delivered'
                then latest_state
            when
                told_status in ('in_transit', 'failure', 'error', 'unknown')
                and told_detail not in ('', 'unknown', 'status_update')
                and coalesce(latest_state, '') <> 'failure'
                then told_detail
            else told_status
        end as status_raw,

        -- booleans
        is_return::varchar as is_return_leg,

        -- timestamps; a date is the day at the place
        moved_at as shipped_at,
        coalesce(nullif(detail.initial_delivery_attempt, ''), attempted_at)
            as first_attempted_at,
        delivered_at,
        delivered_date,
        attempted_date as first_attempted_date,
        left(coalesce(
            nullif(detail.guaranteed_delivery_date, ''),
            first_estimate,
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
