with

source as (

    select
        *,
        upper(trim(rma.status)) as return_status,
        try_cast(line.processedQuantity as integer) as processed_units,
        coalesce(try_cast(line.refundedQuantity as integer), 0)
            as refunded_units,
        regexp_extract(rma.id, '([^/?]+)(\?.*)?$', 1) as rma_number,
        regexp_extract(line.id, '([^/?]+)(\?.*)?$', 1) as line_number,
        coalesce(rma.createdAt, rma.requestApprovedAt) as registered_at,
        list_sum(list_transform(
            rma.returnShippingFees,
            lambda fee: try_cast(
                fee.amountSet.shopMoney.amount as decimal(18, 4)
            )
        )) as shipping_fees,
    from base_shopify_returns__lines

),

judged as (

    select
        *,
        -- Goods of an open return that were processed are back.
        coalesce(processed_units > 0, false)
        and return_status in ('OPEN', 'REQUESTED') as is_processed,
        coalesce(try_cast(refund_amount as decimal(18, 4)) > 0, false)
        or refunded_units > 0 as is_refunded,
    from source

),

renamed as (

    select
        -- ids; a query may leave out the lines' own
        case
            when line is not null then
                coalesce(
                    nullif(line_number, ''),
                    coalesce(nullif(rma_number, ''), rma.name)
                    || ':' || position
                )
        end as return_id,
        -- Returns are called after their order: #1001-R1.
        coalesce(
            nullif(trim(rma.order.name), ''),
            nullif(trim(parent.name), ''),
            nullif(regexp_extract(rma.name, '^(.+)-R\d+$', 1), '')
        ) as order_id,
        null::varchar as order_item_id,
        coalesce(
            nullif(trim(item.sku), ''),
            nullif(trim(item.variant.sku), ''),
            item.name,
            item.title
        ) as product_id,
        lower(coalesce(
            nullif(trim(rma.order.email), ''),
            nullif(trim(parent.email), ''),
            rma.order.customer.email,
            parent.customer.email,
            rma.order.customer.defaultEmailAddress.emailAddress,
            parent.customer.defaultEmailAddress.emailAddress
        )) as customer_ref,

        -- text
        null::varchar as lot,
        -- The handle is one in all languages; a name alone is made into one.
        coalesce(
            nullif(trim(line.returnReasonDefinition.handle), ''),
            nullif(trim(regexp_replace(
                replace(
                    replace(lower(line.returnReasonDefinition.name), '''', ''),
                    '’',
                    ''
                ),
                '[^\p{L}\p{N}]+',
                '-',
                'g'
            ), '-'), ''),
            line.returnReason
        ) as reason_raw,
        coalesce(
            nullif(trim(line.customerNote), ''),
            nullif(trim(line.returnReasonNote), '')
        ) as comment,
        case when is_processed then 'PROCESSED' else return_status end
            as status,
        null::varchar as disposition,
        case
            when exchange_count > 0 and not is_refunded then 'exchange'
            when is_refunded then 'refund'
        end as resolution,
        case
            when refund_amount is not null
                then coalesce(
                    own_refunds[1].subtotalSet.shopMoney.currencyCode,
                    refund_currency
                )
        end as currency,
        coalesce(
            rma.order.shippingAddress.countryCodeV2,
            rma.order.shippingAddress.countryCode,
            parent.shippingAddress.countryCodeV2,
            parent.shippingAddress.countryCode
        ) as market,
        'own_shop' as sales_channel,
        null::varchar as warehouse,

        -- numerics
        case
            when is_processed then processed_units::varchar
            else line.quantity
        end as quantity,
        refund_amount,
        line_count::varchar as case_line_count,
        -- A refund of the whole return is short of the fees already.
        case
            when len(own_refunds) > 0
                then nullif(
                    coalesce(
                        try_cast(
                            line.restockingFee.amountSet.shopMoney.amount
                            as decimal(18, 4)
                        ),
                        0
                    )
                    + coalesce(shipping_fees, 0) / line_count,
                    0
                )::decimal(18, 4)::varchar
        end as customer_contribution,

        -- booleans
        tells_refunds::varchar as has_refund_dates,

        -- timestamps; nothing tells when the goods came
        case
            when return_status = 'CLOSED'
                then coalesce(rma.closedAt, refunded_at, registered_at)
            when is_processed then coalesce(refunded_at, registered_at)
            else registered_at
        end as returned_at,
        registered_at as requested_at,
        rma.requestApprovedAt as approved_at,
        refunded_at,
        greatest(
            rma.updatedAt,
            rma.closedAt,
            refunded_at,
            rma.requestApprovedAt,
            rma.createdAt
        ) as updated_at,

        file_id as _file_id,
        line_row_no as _row_no,
        'UTC' as _time_zone,
    from judged

)

select * from renamed
