with

shipments as (

    select * from main.shipments where not is_return_leg

),

run as (

    select * from staging.run

),

-- Nobody waits for the next export of a system that fell silent.
silent_systems as (

    select * from staging.silent_systems

),

-- Where no scans are exported their absence tells nothing.
scanned_systems as (

    select distinct source_system
    from staging.entity_watermarks
    where entity = 'carrier_events'

),

watched as (

    select
        shipments.*,
        silent_systems.source_system is not null as is_history,
        if(
            tracking = 'untracked',
            run.orders_complete_to,
            run.shipments_complete_to
        ) as complete_to,
        if(
            tracking = 'untracked',
            run.orders_complete_to_date,
            run.shipments_complete_to_date
        ) as complete_to_date,
        run.silent_shipment_days,
    from shipments
    cross join run
    left join silent_systems
        on shipments.source_system = silent_systems.source_system

),

-- How long shipments took to the first attempt, by calendar days, null: never.
-- Of those sent at least 45 days ago, so that the slow ones are in with the
-- fast; the last year.
journeys as (

    select
        origin_country,
        destination_country,
        carrier,
        case
            when first_attempted_date < shipped_date then 0
            else first_attempted_date - shipped_date
        end as days,
        count(*) as shipments,
    from watched
    where
        shipped_date between complete_to_date - 410 and complete_to_date - 45
        and tracking in ('tracked', 'untracked')
        and (
            first_attempted_date is not null
            or not is_history and not is_order_cancelled
        )
    group by all

),

levels as (

    select 1 as level_no, * from journeys
    union all
    select 2, 'any', destination_country, carrier, days, sum(shipments)
    from journeys
    group by all
    union all
    select 3, 'any', destination_country, 'any', days, sum(shipments)
    from journeys
    group by all

),

opened as (

    select
        * exclude (is_history),
        case
            when complete_to_date < shipped_date then 0
            else complete_to_date - shipped_date
        end as days_gone,
        promised_delivery_date - shipped_date as promised_days,
    from watched
    where is_under_way and not is_history

),

-- Shipments of one lane, day and promise share their chances.
questions as (

    select distinct
        origin_country,
        destination_country,
        carrier,
        days_gone,
        promised_days,
    from opened
    where promised_days >= days_gone

),

asked as (

    select
        *,
        unnest([1, 2, 3]) as level_no,
    from questions

),

answers as (

    select
        asked.origin_country,
        asked.destination_country,
        asked.carrier,
        asked.days_gone,
        asked.promised_days,
        asked.level_no,
        sum(levels.shipments)::bigint as shipments,
        coalesce(sum(levels.shipments) filter (
            where levels.days is null or levels.days > asked.promised_days
        ), 0)::bigint as late_shipments,
    from asked
    inner join levels
        on asked.level_no = levels.level_no
        and asked.destination_country = levels.destination_country
        and if(asked.level_no = 1, asked.origin_country, 'any')
            = levels.origin_country
        and if(asked.level_no = 3, 'any', asked.carrier) = levels.carrier
    -- Of those that had not been attempted either after as many days.
    where coalesce(levels.days >= asked.days_gone, true)
    group by all

),

-- The narrowest level that has 30 of them.
chances as (

    select
        origin_country,
        destination_country,
        carrier,
        days_gone,
        promised_days,
        level_no,
        shipments,
        late_shipments / shipments as late_probability,
    from answers
    where shipments >= 30
    qualify row_number() over (
        partition by
            origin_country, destination_country, carrier,
            days_gone, promised_days
        order by level_no
    ) = 1

),

judged as (

    select
        opened.*,
        -- What is overdue is no longer a matter of chance.
        if(opened.is_overdue, 1, chances.late_probability)::double
            as late_probability,
        case
            when opened.is_overdue then 'overdue'
            when chances.level_no is null then 'none'
            else ['lane', 'carrier_destination', 'destination'][chances.level_no]
        end as late_basis,
        if(opened.is_overdue, null, chances.shipments) as late_basis_shipments,
        if(
            scanned_systems.source_system is not null,
            greatest(opened.latest_scan_at, opened.shipped_at),
            null
        ) as last_sign_at,
    from opened
    left join scanned_systems
        on opened.source_system = scanned_systems.source_system
        and opened.is_tracked
    left join chances
        on opened.origin_country = chances.origin_country
        and opened.destination_country = chances.destination_country
        and opened.carrier = chances.carrier
        and opened.days_gone = chances.days_gone
        and opened.promised_days = chances.promised_days

),

final as (

    select
        -- ids
        shipment_id,
        source_system,
        order_id,

        -- text
        carrier,
        origin_country,
        destination_country,
        market,
        lane,
        warehouse,
        state,
        late_basis,

        -- numerics
        (case
            when shipped_at <= complete_to
                then epoch(complete_to - shipped_at) / 86400.0
            when shipped_at > complete_to then 0
        end)::double
            as days_under_way,
        (case
            when last_sign_at <= complete_to
                then epoch(complete_to - last_sign_at) / 86400.0
            when last_sign_at > complete_to then 0
        end)::double
            as silent_days,
        if(is_overdue, complete_to_date - promised_delivery_date, null)::bigint
            as days_overdue,
        (case
            when customs_in_at <= complete_to
                then epoch(complete_to - customs_in_at) / 86400.0
            when customs_in_at > complete_to then 0
        end)::double
            as customs_open_days,
        late_probability,
        late_basis_shipments,

        -- booleans
        last_sign_at is not null as has_scans,
        coalesce(
            last_sign_at + to_days(silent_shipment_days::integer)
            <= complete_to,
            false
        ) as is_silent,
        is_overdue,
        is_in_customs,
        promised_delivery_date is not null as has_promise,
        not is_overdue and coalesce(late_probability >= 0.5, false)
            as is_at_risk,

        -- timestamps
        shipped_at,
        shipped_at_local,
        promised_delivery_date,
        latest_scan_at,
        latest_scan_at_local,
        complete_to,
    from judged

)

select * from final
