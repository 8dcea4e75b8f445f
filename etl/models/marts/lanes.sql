-- Shipments sent 45 days to about a year before the carriers' exports end: by
-- then nearly all that will arrive have arrived, the slow ones with the fast.
with

shipments as (

    select * from main.shipments where not is_return_leg

),

run as (

    select * from staging.run

),

lanes as (

    select
        lane,
        origin_country,
        destination_country,
        carrier,
        count(*) as shipments,
        max(shipped_at) as latest_shipped_at,
        max(shipped_at_local) as latest_shipped_at_local,
    from shipments
    group by lane, origin_country, destination_country, carrier

),

matured as (

    select
        shipments.lane,
        shipments.carrier,
        shipments.destination_country,
        shipments.transit_days,
    from shipments
    cross join run
    where
        shipments.is_delivered
        and shipments.transit_days is not null
        and shipments.shipped_date between
            if(
                shipments.tracking = 'untracked',
                run.orders_complete_to_date,
                run.shipments_complete_to_date
            ) - 410
            and if(
                shipments.tracking = 'untracked',
                run.orders_complete_to_date,
                run.shipments_complete_to_date
            ) - 45

),

by_lane as (

    select
        lane,
        count(*) as shipments,
        quantile_cont(transit_days, [0.5, 0.8, 0.9]) as days,
    from matured
    group by lane

),

by_carrier as (

    select
        carrier,
        destination_country,
        count(*) as shipments,
        quantile_cont(transit_days, [0.5, 0.8, 0.9]) as days,
    from matured
    group by carrier, destination_country

),

by_destination as (

    select
        destination_country,
        count(*) as shipments,
        quantile_cont(transit_days, [0.5, 0.8, 0.9]) as days,
    from matured
    group by destination_country

),

-- The narrowest level that has 30 shipments.
based as (

    select
        lanes.*,
        coalesce(by_lane.shipments, 0) as matured_shipments,
        case
            when by_lane.shipments >= 30 then {
                'basis': 'lane',
                'shipments': by_lane.shipments,
                'days': by_lane.days
            }
            when by_carrier.shipments >= 30 then {
                'basis': 'carrier_destination',
                'shipments': by_carrier.shipments,
                'days': by_carrier.days
            }
            when by_destination.shipments >= 30 then {
                'basis': 'destination',
                'shipments': by_destination.shipments,
                'days': by_destination.days
            }
        end as told,
    from lanes
    left join by_lane on lanes.lane = by_lane.lane
    left join by_carrier
        on lanes.carrier = by_carrier.carrier
        and lanes.destination_country = by_carrier.destination_country
    left join by_destination
        on lanes.destination_country = by_destination.destination_country

),

final as (

    select
        -- ids
        lane,

        -- text
        origin_country,
        destination_country,
        destination_country as market,
        carrier,
        coalesce(told.basis, 'none') as basis,

        -- numerics
        shipments,
        matured_shipments,
        told.shipments as basis_shipments,
        told.days[1] as transit_days_p50,
        told.days[2] as transit_days_p80,
        told.days[3] as transit_days_p90,

        -- timestamps
        latest_shipped_at,
        latest_shipped_at_local,
    from based

)

select * from final
