-- One row per scan a carrier tells of a parcel, with its moment.
with

parcels as (

    select * from base_seventeentrack__parcels where info is not null

),

providers as (

    select
        file_id,
        row_no,
        part_no,
        unnest(info.tracking.providers) as provider,
    from parcels

),

-- An answer cut down to its newest event is better than none.
events as (

    select
        file_id,
        row_no,
        part_no,
        unnest(provider.events) as event,
    from providers
    union all
    select
        file_id,
        row_no,
        part_no,
        info.latest_event,
    from parcels
    where info.latest_event is not null

),

worded as (

    select
        * exclude (event),
        nullif(trim(event.time_iso), '') as time_iso,
        nullif(trim(event.time_utc), '') as time_utc,
        -- DuckDB also reads words as times ("infinity").
        case when regexp_matches(event.time_utc, '^\s*\d{4}-')
            then try_cast(event.time_utc as timestamptz)::timestamp end as utc,
        nullif(trim(event.time_raw->>'date'), '') as raw_date,
        nullif(trim(event.time_raw->>'time'), '') as raw_time,
        nullif(trim(event.time_raw->>'timezone'), '') as raw_zone,
        event.time_raw is not null as has_raw_time,
        nullif(trim(event.description), '') as message,
        nullif(trim(event.location), '') as location,
        event.address.country as country,
        coalesce(nullif(event.sub_status, ''), nullif(event.stage, ''))
            as code,
        lower(concat_ws(
            ' ', event.description, event.description_translation.description
        )) as words,
    from events

),

-- `clock`: the time as the place's clock showed it. 17TRACK's own UTC is half
-- an hour off for some carriers, so that the clock and its offset win over it.
clocked as (

    select
        *,
        regexp_extract(time_iso, '([zZ]|[+-]\d{2}:?\d{2})$') as offset_text,
        coalesce(
            regexp_replace(time_iso, '([zZ]|[+-]\d{2}:?\d{2})$', ''),
            case when time_utc is null or raw_time is not null
                then concat_ws('T', raw_date, raw_time) end
        ) as clock_text,
    from worded

),

read as (

    select
        *,
        nullif(clock_text, '') as clock,
        case when regexp_matches(clock_text, '^\d{4}-')
            then try_cast(clock_text as timestamp) end as clock_time,
    from clocked

),

offsets as (

    select
        *,
        case
            when offset_text in ('z', 'Z') then 0
            when offset_text <> '' then
                if(offset_text[1] = '-', -1, 1)
                * (offset_text[2:3]::integer * 60 + right(offset_text, 2)::integer)
            when
                length(clock) > 10
                and abs(date_diff('minute', utc, clock_time)) <= 14 * 60
                then date_diff('minute', utc, clock_time)
        end as offset_minutes,
        -- Without the carrier's own zone the offset is 17TRACK's assumption.
        coalesce(offset_text, '') <> '' and (raw_zone is not null or not has_raw_time)
            as is_zone_told,
    from read

),

zoned as (

    select
        *,
        case
            when offset_minutes is null or offset_minutes = 0 then 'UTC'
            when offset_minutes % 60 = 0 and offset_minutes between -720 and 840
                then 'Etc/GMT'
                || if(offset_minutes > 0, '-', '+')
                || abs(offset_minutes // 60)
            when offset_minutes = 330 then 'Asia/Kolkata'
            when offset_minutes = 345 then 'Asia/Kathmandu'
            when offset_minutes = 390 then 'Asia/Yangon'
            when offset_minutes = 570 then 'Australia/Darwin'
        end as zone,
        coalesce(
            clock_time - to_minutes(coalesce(offset_minutes, 0)), utc
        ) as moment,
    from offsets

),

timed as (

    select
        *,
        case
            when clock is null then time_utc
            when length(clock) <= 10 then clock
            when is_zone_told or zone is null then time_iso
            else clock
        end as occurred_at,
        coalesce(zone, 'UTC') as time_zone,
        left(coalesce(clock, time_utc), 10) as day_text,
        regexp_replace(
            strip_accents(lower(coalesce(message, ''))),
            '[^\p{L}\p{N}]+', '', 'g'
        ) as text_key,
    from zoned

)

select * from timed
