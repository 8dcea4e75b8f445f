with

source as (

    select
        *,
        coalesce(tracking.subtag, tracking.tag) as state,
        tracking.shipment_delivery_date as delivery_time,
        tracking.first_attempted_at as attempt_time,
        -- In AfterShip's own order of trust.
        coalesce(
            tracking.courier_estimated_delivery_date.estimated_delivery_date,
            tracking.courier_estimated_delivery_date.estimated_delivery_date_max,
            tracking.expected_delivery,
            tracking.aftership_estimated_delivery_date.estimated_delivery_date,
            tracking.aftership_estimated_delivery_date.estimated_delivery_date_max,
            tracking.custom_estimated_delivery_date.datetime,
            tracking.custom_estimated_delivery_date.datetime_max
        ) as told_estimate,
    from base_aftership__trackings

),

from_api as (

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
            told_estimate
        ), 10) as promised_delivery_date,
        left(coalesce(
            tracking.latest_estimated_delivery.datetime,
            tracking.latest_estimated_delivery.datetime_max,
            told_estimate
        ), 10) as estimated_delivery_date,
        tracking.updated_at as updated_at,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from source

),

country_names as (

    select * from staging.country_names

),

-- The admin's list of shipments: states and estimates, no scans.
listed as (

    select
        *,
        nullif(trim(tracking_number), '') as number,
        lower(trim(split_part(origin, ',', -1))) as origin_name,
        lower(trim(split_part(destination, ',', -1))) as destination_name,
        lower(issues) as issue_words,
        -- Of a range its end.
        regexp_extract_all(
            estimated_delivery_date, '\d{4}-\d{2}-\d{2}'
        )[-1] as plain_estimate,
        try_strptime(
            trim(regexp_extract(
                estimated_delivery_date, '([A-Za-z]+\.? \d{1,2}, \d{4})$', 1
            )),
            ['%b %d, %Y', '%B %d, %Y']
        ) as worded_estimate,
    from raw.aftership__shipments_list

),

from_list as (

    select
        case
            when number is not null
                then coalesce(
                    nullif(trim(id), ''),
                    concat_ws(':', lower(trim(carrier)), number)
                )
        end as shipment_id,
        nullif(trim(order_number), '') as order_id,
        number as tracking_number,
        carrier,
        coalesce(origins.country, origin_name) as origin_country,
        coalesce(destinations.country, destination_name)
            as destination_country,
        null::varchar as warehouse,
        case
            when issue_words like '%lost%' then 'Shipment lost'
            when issue_words like '%damage%' then 'Shipment damaged'
            when issue_words like '%returned%' then 'Returned to sender'
            else coalesce(nullif(trim(sub_status), ''), nullif(trim(status), ''))
        end as status_raw,
        null::varchar as is_return_leg,
        null::varchar as shipped_at,
        null::varchar as first_attempted_at,
        null::varchar as delivered_at,
        null::varchar as delivered_date,
        null::varchar as first_attempted_date,
        coalesce(
            plain_estimate,
            strftime(worded_estimate, '%Y-%m-%d'),
            estimated_delivery_date
        ) as promised_delivery_date,
        coalesce(
            plain_estimate,
            strftime(worded_estimate, '%Y-%m-%d'),
            estimated_delivery_date
        ) as estimated_delivery_date,
        updated_at,
        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from listed
    left join country_names as origins on listed.origin_name = origins.name
    left join country_names as destinations
        on listed.destination_name = destinations.name

)

select * from from_api
union all by name
select * from from_list
