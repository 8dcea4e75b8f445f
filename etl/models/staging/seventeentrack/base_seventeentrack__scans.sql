-- One row per scan of a parcel: what it means, also where the code hides it. The
-- same scan told by two carriers is one.
with

parcels as (

    select * from base_seventeentrack__parcels where info is not null

),

moments as (

    select * from base_seventeentrack__moments

),

read as (

    select
        *,
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
    from moments

),

single as (

    select *
    from read
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
