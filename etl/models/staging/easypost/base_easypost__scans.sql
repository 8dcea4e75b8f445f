-- One row per scan of a tracker, with its moment and what it means.
with

trackers as (

    select
        file_id,
        row_no,
        tracker_id,
        unnest(tracker.tracking_details) as scan,
    from base_easypost__trackers

),

place_time_zones as (

    select * from staging.place_time_zones

),

worded as (

    select
        * exclude (scan),
        nullif(trim(scan.message), '') as message,
        lower(coalesce(scan.message, '')) as words,
        nullif(trim(scan.datetime), '') as told_at,
        lower(scan.status) as status,
        lower(coalesce(scan.status_detail, '')) as detail,
        nullif(trim(scan.tracking_location.city), '') as city,
        nullif(upper(trim(scan.tracking_location.state)), '') as state,
        nullif(upper(trim(scan.tracking_location.country)), '') as country,
        nullif(trim(scan.tracking_location.zip), '') as zip,
        nullif(left(scan.est_delivery_date, 10), '') as estimate,
    from trackers

),

placed as (

    select
        worded.*,
        coalesce(by_state.time_zone, by_country.time_zone) as place_zone,
        -- Only of a whole place EasyPost knows the zone; else the carrier's
        -- local time stands there with a Z.
        told_at like '%Z'
        and (worded.country is null or coalesce(worded.zip, worded.city) is null)
            as is_local,
    from worded
    left join place_time_zones as by_country
        on worded.country = by_country.country
        and by_country.state = '*'
    left join place_time_zones as by_state
        on worded.country = by_state.country
        and worded.state = by_state.state

),

timed as (

    select
        *,
        if(is_local, left(told_at, length(told_at) - 1), told_at)
            as occurred_at,
        -- DuckDB also reads words as times ("infinity").
        case when regexp_matches(told_at, '^\d{4}-')
            then try_cast(told_at as timestamptz)::timestamp end as moment,
        case
            when told_at like '%Z' and not is_local and place_zone is not null
                then strftime(
                    timezone(place_zone, try_cast(told_at as timestamptz)),
                    '%Y-%m-%d'
                )
            when told_at not like '%Z' or is_local then left(told_at, 10)
        end as place_date,
        case
            when status = 'delivered' and regexp_matches(
                words, 'original sender|(returned|delivered) to (the )?(sender|shipper)'
            ) then 'return_to_sender/delivered'
            when status in (
                'pre_transit', 'out_for_delivery', 'delivered',
                'available_for_pickup', 'return_to_sender', 'cancelled'
            ) then status
            -- A failed attempt is often told as a delay.
            when
                status = 'failure'
                and (
                    detail in ('', 'unknown', 'status_update', 'failure',
                        'refused', 'delivery_exception')
                    or regexp_matches(
                        words,
                        'attempt|not available|unavailable|no access|refused'
                        || '|nobody|not (at )?home|business (is )?closed|signature'
                    )
                )
                then 'failure'
            when detail in ('', 'unknown', 'status_update') then status
            else detail
        end as code,
    from placed

),

single as (

    select *
    from timed
    qualify row_number() over (
        partition by file_id, row_no, told_at, code, words
        order by is_local, city, country, zip
    ) = 1

),

final as (

    select
        * exclude (code),
        -- What is delivered after it was sent back, the sender has.
        if(
            code = 'delivered' and coalesce(bool_or(
                code in ('return_to_sender', 'return')
            ) over (
                partition by file_id, row_no order by moment
            ), false),
            'return_to_sender/delivered',
            code
        ) as state_raw,
    from single

)

select * from final
