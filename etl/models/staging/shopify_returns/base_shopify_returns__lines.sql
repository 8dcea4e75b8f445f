-- One row per line of a return, with what of the return's refunds is the line's.
with

returns as (

    select
        * exclude (refunds),
        list_transform(refunds, lambda refund: json_transform(refund, '{
            "createdAt": "VARCHAR",
            "totalRefundedSet": {
                "shopMoney": {"amount": "VARCHAR", "currencyCode": "VARCHAR"}
            }
        }')) as refunds,
        flatten(list_transform(
            refunds,
            lambda refund: json_extract(refund, '$.refundLineItems[*]')
            || json_extract(refund, '$.refundLineItems.nodes[*]')
            || json_extract(refund, '$.refundLineItems.edges[*].node')
        )) as refund_lines,
    from base_shopify_returns__returns

),

summed as (

    select
        *,
        list_transform(refund_lines, lambda line: json_transform(line, '{
            "lineItem": {"id": "VARCHAR"},
            "subtotalSet": {
                "shopMoney": {"amount": "VARCHAR", "currencyCode": "VARCHAR"}
            },
            "totalTaxSet": {"shopMoney": {"amount": "VARCHAR"}}
        }')) as refunded_items,
        list_max(list_transform(refunds, lambda refund: refund.createdAt))
            as refunded_at,
        refunds[1].totalRefundedSet.shopMoney.currencyCode as refund_currency,
        len(lines) as line_count,
    from returns

),

lines as (

    select
        * exclude (lines, listed_line),
        coalesce(listed_line.row_no, row_no) as line_row_no,
        json_transform(listed_line.node, '{
            "id": "VARCHAR",
            "quantity": "VARCHAR",
            "processedQuantity": "VARCHAR",
            "refundedQuantity": "VARCHAR",
            "returnReason": "VARCHAR",
            "returnReasonDefinition": {"handle": "VARCHAR", "name": "VARCHAR"},
            "returnReasonNote": "VARCHAR",
            "customerNote": "VARCHAR",
            "restockingFee": {
                "amountSet": {"shopMoney": {"amount": "VARCHAR"}}
            },
            "fulfillmentLineItem": {"lineItem": {
                "id": "VARCHAR",
                "sku": "VARCHAR",
                "name": "VARCHAR",
                "title": "VARCHAR",
                "variant": {"sku": "VARCHAR"}
            }},
            "lineItem": {
                "id": "VARCHAR",
                "sku": "VARCHAR",
                "name": "VARCHAR",
                "title": "VARCHAR",
                "variant": {"sku": "VARCHAR"}
            }
        }') as line,
    from (
        -- Of a return that lists nothing nobody knows what came back: it has no
        -- line, and the cast tells of it.
        select
            *,
            unnest(case when len(lines) > 0 then lines else [null] end)
                as listed_line,
            unnest(range(1, greatest(len(lines), 1) + 1)) as position,
        from summed
    ) as listed

),

itemed as (

    select
        *,
        coalesce(line.fulfillmentLineItem.lineItem, line.lineItem) as item,
        coalesce(try_cast(line.quantity as integer), 1) as units,
    from lines

),

shared as (

    select
        *,
        list_filter(
            refunded_items,
            lambda refunded: refunded.lineItem.id = item.id
        ) as own_refunds,
        -- One order line may come back for two reasons.
        units / sum(units) over (
            partition by file_id, row_no, place, coalesce(item.id, position::varchar)
        ) as share,
    from itemed

),

refunded as (

    select
        *,
        case
            when len(own_refunds) > 0
                then list_transform(
                    own_refunds,
                    lambda refund: refund.subtotalSet.shopMoney.amount
                )
                || list_transform(
                    own_refunds,
                    lambda refund: coalesce(
                        refund.totalTaxSet.shopMoney.amount,
                        '0'
                    )
                )
            -- Of several lines nobody knows whose the money was.
            when line_count = 1
                then list_transform(
                    refunds,
                    lambda refund: refund.totalRefundedSet.shopMoney.amount
                )
        end as amounts,
    from shared

),

final as (

    select
        *,
        case
            when len(amounts) > 0
                then coalesce(
                    list_filter(
                        amounts,
                        lambda amount: amount is not null
                        and try_cast(amount as decimal(18, 4)) is null
                    )[1],
                    (
                        list_sum(list_transform(
                            amounts,
                            lambda amount: try_cast(amount as decimal(18, 4))
                        )) * share
                    )::decimal(18, 4)::varchar
                )
        end as refund_amount,
    from refunded

)

select * from final
