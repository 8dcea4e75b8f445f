-- What each channel in a source's words means; a channel no map knows keeps its
-- own word. One row per kind (sales, contact), source system and raw channel.
with

raw_channels as (

    select 'sales' as kind, source_system, sales_channel as channel_raw
    from staging.orders
    union all
    select 'sales' as kind, source_system, sales_channel from staging.returns
    union all
    select 'contact' as kind, source_system, channel from staging.tickets
    union all
    select 'contact' as kind, source_system, channel
    from staging.survey_responses

),

counted as (

    select
        kind,
        source_system,
        channel_raw,
        lower(trim(channel_raw)) as normalised,
        count(*) as row_count,
    from raw_channels
    where channel_raw is not null
    group by kind, source_system, channel_raw

),

channel_map as (

    select * from staging.channel_map

),

mapped as (

    select
        counted.kind,
        counted.source_system,
        counted.channel_raw,
        counted.row_count,
        coalesce(own.channel, general.channel) is not null as is_mapped,
        coalesce(own.channel, general.channel, counted.normalised) as channel,
    from counted
    left join channel_map as own
        on counted.kind = own.kind
        and counted.source_system = own.source_system
        and counted.normalised = own.channel_raw
    left join channel_map as general
        on counted.kind = general.kind
        and general.source_system = '*'
        and counted.normalised = general.channel_raw

)

select * from mapped
