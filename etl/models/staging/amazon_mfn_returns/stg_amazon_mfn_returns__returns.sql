with

source as (

    select
        file_id,
        row_no,
        nullif(trim(order_id), '') as order_id,
        nullif(trim(merchant_sku), '') as sku,
        nullif(trim(amazon_rma_id), '') as rma_id,
        nullif(trim(return_request_date), '') as requested_text,
        nullif(trim(return_delivery_date), '') as delivered_text,
        nullif(trim(return_request_status), '') as status,
        nullif(trim(return_reason), '') as reason,
        nullif(trim(resolution), '') as resolution_text,
        regexp_replace(lower(resolution), '[^a-z]', '', 'g') as resolution_word,
        nullif(trim(currency_code), '') as currency,
        nullif(trim(return_quantity), '') as quantity,
        nullif(trim(refunded_amount), '') as refunded_text,
        nullif(trim(label_cost), '') as label_text,
        nullif(trim(label_to_be_paid_by), '') as label_paid_by,
        nullif(trim(safet_claim_reimbursement_amount), '') as claim_text,
    from raw.amazon_mfn_returns__returns

),

-- English months, whatever the marketplace; what is written otherwise stays for
-- the cast, which reads ISO dates and tells the rest.
dated as (

    select
        *,
        case
            when regexp_matches(requested_text, '^\d{1,2}-[A-Za-z]+-\d{4}$')
                then coalesce(
                    try_strptime(requested_text, ['%d-%b-%Y', '%d-%B-%Y'])
                    ::date::varchar,
                    requested_text
                )
            else requested_text
        end as requested_on,
        case
            when regexp_matches(delivered_text, '^\d{1,2}-[A-Za-z]+-\d{4}$')
                then coalesce(
                    try_strptime(delivered_text, ['%d-%b-%Y', '%d-%B-%Y'])
                    ::date::varchar,
                    delivered_text
                )
            else delivered_text
        end as delivered_on,
        row_number() over (
            partition by
                file_id,
                order_id,
                coalesce(rma_id, requested_text),
                sku,
                reason
            order by row_no
        ) as occurrence,
        -- 1,50 and 1.234,50 end in cents after a comma, 1.50 and 1,234.50 after
        -- a dot; 1,234 alone may be either.
        regexp_matches(refunded_text, ',\d{1,2}$') as has_comma_cents,
        regexp_matches(refunded_text, '\.\d{1,2}$') as has_dot_cents,
        regexp_matches(refunded_text, '^-?\d{1,3}([.,]\d{3})+$') as has_groups,
        coalesce(regexp_matches(refunded_text, '[1-9]'), false) as is_refunded,
    from source

),

-- The other amounts of the file prove what its commas and dots are.
proven as (

    select
        *,
        bool_or(coalesce(has_comma_cents, false)) over (partition by file_id)
            as file_has_comma_cents,
        bool_or(coalesce(has_dot_cents, false)) over (partition by file_id)
            as file_has_dot_cents,
    from dated

),

amounts as (

    select
        *,
        case
            when has_comma_cents
                then replace(replace(refunded_text, '.', ''), ',', '.')
            when has_dot_cents then replace(refunded_text, ',', '')
            when not has_groups then refunded_text
            when
                contains(refunded_text, ',')
                and file_has_dot_cents and not file_has_comma_cents
                then replace(refunded_text, ',', '')
            when
                contains(refunded_text, '.')
                and file_has_comma_cents and not file_has_dot_cents
                then replace(refunded_text, '.', '')
            else refunded_text || ' (decimals or thousands?)'
        end as refund_amount,
        case
            when regexp_matches(label_text, ',\d{1,2}$')
                then replace(replace(label_text, '.', ''), ',', '.')
            when regexp_matches(label_text, '\.\d{1,2}$')
                then replace(label_text, ',', '')
            else label_text
        end as label_cost,
        case
            when regexp_matches(claim_text, ',\d{1,2}$')
                then replace(replace(claim_text, '.', ''), ',', '.')
            when regexp_matches(claim_text, '\.\d{1,2}$')
                then replace(claim_text, ',', '')
            when regexp_matches(claim_text, '^-?\d{1,3}([.,]\d{3})+$')
                then claim_text || ' (decimals or thousands?)'
            else claim_text
        end as carrier_claim,
    from proven

),

-- A status stays "Approved" for good. Goods that came back are received; without
-- them a refund that was paid, or for which none are expected, ends the case.
judged as (

    select
        *,
        case
            when regexp_matches(lower(status), 'reject|denied|deny|decline')
                then 'Rejected'
            when regexp_matches(lower(status), 'cancel|withdraw')
                then 'Cancelled'
            when delivered_on is not null then 'Received'
            when is_refunded or resolution_word like '%returnless%'
                then 'Refunded'
            when lower(status) like '%pending%' then 'Pending'
            else status
        end as status_found,
    from amounts

),

renamed as (

    select
        -- ids; a column of order item ids is not in all reports, so no part of it
        md5(concat_ws(
            '|',
            order_id,
            coalesce(rma_id, requested_on),
            sku,
            reason,
            occurrence
        )) as return_id,
        order_id,
        null::varchar as order_item_id,
        sku as product_id,
        null::varchar as customer_ref,

        -- text
        null::varchar as lot,
        reason as reason_raw,
        null::varchar as comment,
        status_found as status,
        null::varchar as disposition,
        case
            when resolution_word like '%returnless%' then 'keep_item'
            when resolution_word like '%partial%' then 'partial_refund'
            when resolution_word like '%refund%' then 'refund'
            when resolution_word like '%replace%'
                or resolution_word like '%exchange%'
                then 'exchange'
            when resolution_word like '%giftcard%'
                or resolution_word like '%credit%'
                then 'store_credit'
            else resolution_text
        end as resolution,
        currency,
        label_paid_by,
        null::varchar as market,
        'amazon' as sales_channel,
        null::varchar as warehouse,

        -- numerics
        quantity,
        refund_amount,
        label_cost,
        carrier_claim,

        -- timestamps
        coalesce(delivered_on, requested_on) as returned_at,
        requested_on as requested_at,
        delivered_on as received_at,
        null::varchar as refunded_at,
        coalesce(delivered_on, requested_on) as updated_at,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from judged

)

select * from renamed
