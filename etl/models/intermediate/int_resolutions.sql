-- What each resolution in a source's words means. One row per source system and
-- raw resolution.
with

counted as (

    select
        source_system,
        resolution as resolution_raw,
        lower(trim(resolution)) as normalised,
        count(*) as row_count,
    from staging.returns
    where resolution is not null
    group by source_system, resolution

),

resolution_map as (

    select * from staging.resolution_map

),

mapped as (

    select
        counted.source_system,
        counted.resolution_raw,
        counted.row_count,
        coalesce(own.resolution, general.resolution, 'unmapped') as resolution,
    from counted
    left join resolution_map as own
        on counted.source_system = own.source_system
        and counted.normalised = own.resolution_raw
    left join resolution_map as general
        on general.source_system = '*'
        and counted.normalised = general.resolution_raw

)

select * from mapped
