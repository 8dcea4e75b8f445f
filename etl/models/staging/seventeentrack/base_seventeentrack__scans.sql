-- One row per scan of a parcel: its moment, and what it means where the code
-- hides it. The same scan told by two carriers is one.
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
        -- What is read here the code tells wrongly or not at all.
        case
            when not regexp_matches(coalesce(code, 'InTransit'), '^(Delivered|InTransit)')
                then code
            when regexp_matches(
                words,
                '\b(will|to|being|not|cannot|could|can.?t|won.?t|may|might|should)( \w+)?( be(en)?)?'
                || ' (returned|delivered( back)?) to (the )?(original )?(sender|shipper)'
            ) then 'Exception_Returning'
            when regexp_matches(
                words,
                '\b(returned|delivered( back)?) to (the )?(original )?(sender|shipper|merchant)\b'
                || '|(退件|退回)(已)?(签收|妥投)|已退回(寄件人|发件人)'
                || '|an (den )?absender (zurück)?(zugestellt|übergeben)'
                || '|(retourné|remis) à l.expéditeur|devuelto al remitente'
                || '|devolvido ao remetente|差出人に返送済|差出人に返還'
            ) then 'Exception_Returned'
            when regexp_matches(
                words,
                '\breturn(ing)? to (the )?(sender|shipper)\b|\breturn initiated\b'
                || '|退(回|件)中|开始退回|安排退回|rücksendung'
                || '|retour à l.expéditeur|en devolución|em devolução|返送中'
            ) then 'Exception_Returning'
            when regexp_matches(
                words,
                '\b(not|never|un|could ?n.?t|unable|cannot)( yet)?( be)?( been)?'
                || ' ?delivered|未妥投|投递失败|未能投递'
            ) then 'DeliveryFailure_Other'
            when code like 'Delivered%' and regexp_matches(
                words,
                '\b(delivered|handed( over)?|transferred|tendered) to (the |a )?'
                || '((local|destination|final|delivery|last[ -]mile|next) )*'
                || '(carrier|courier|agent|partner|post office for)\b'
                || '|(移交|交付|转交|已交)(给)?(末端|当地|本地|目的国|派送)'
            ) then 'InTransit_Other'
            else code
        end as read_code,
    from zoned

),

single as (

    select *
    from timed
    qualify row_number() over (
        partition by
            file_id,
            row_no,
            part_no,
            date_trunc('minute', moment),
            text_key,
            if(text_key = '', read_code, '')
        order by
            is_zone_told desc,
            read_code is null,
            read_code = 'InTransit_Other',
            read_code,
            moment,
            occurred_at,
            message,
            location,
            country
    ) = 1

),

placed as (

    select
        *,
        row_number() over (
            partition by file_id, row_no, part_no
            order by moment desc nulls last, text_key
        ) = 1 as is_newest,
        bool_or(regexp_matches(read_code, '^(Exception_)?Return(ing|ed)$')) over (
            partition by file_id, row_no, part_no
            order by moment
        ) as is_on_way_back,
    from single

),

final as (

    select
        placed.* exclude (read_code),
        parcels.parcel_number,
        case
            -- What is delivered after it was sent back, the sender has.
            when
                coalesce(read_code, parcels.info.latest_status.sub_status)
                like 'Delivered%'
                and (
                    placed.is_on_way_back
                    or placed.is_newest
                    and parcels.info.latest_status.sub_status = 'Exception_Returned'
                )
                then 'Exception_Returned'
            -- A carrier's event without a code: the newest is the status.
            when read_code is null and placed.is_newest
                then coalesce(
                    nullif(parcels.info.latest_status.sub_status, ''),
                    parcels.told_status
                )
            else read_code
        end as state,
    from placed
    inner join parcels
        on placed.file_id = parcels.file_id
        and placed.row_no = parcels.row_no
        and placed.part_no = parcels.part_no

)

select * from final
