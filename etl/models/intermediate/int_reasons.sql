-- What each reason in a source's words means. One row per source system and
-- raw reason.
with

raw_reasons as (

    select source_system, reason_raw from staging.tickets
    union all
    select source_system, reason_raw from staging.returns

),

counted as (

    select
        source_system,
        reason_raw,
        lower(trim(reason_raw)) as normalised,
        count(*) as row_count,
    from raw_reasons
    where reason_raw is not null
    group by source_system, reason_raw

),

reason_map as (

    select * from staging.reason_map

),

reasons as (

    select * from staging.reasons

),

mapped as (

    select
        counted.*,
        coalesce(own.reason, general.reason, 'unmapped') as reason,
    from counted
    left join reason_map as own
        on counted.source_system = own.source_system
        and counted.normalised = own.reason_raw
    left join reason_map as general
        on general.source_system = '*'
        and counted.normalised = general.reason_raw

),

described as (

    select
        mapped.source_system,
        mapped.reason_raw,
        mapped.row_count,
        mapped.reason,
        reasons.reason_group,
        reasons.is_product_complaint::boolean as is_product_complaint,
        reasons.is_quality_complaint::boolean as is_quality_complaint,
    from mapped
    inner join reasons on mapped.reason = reasons.reason

)

select * from described
