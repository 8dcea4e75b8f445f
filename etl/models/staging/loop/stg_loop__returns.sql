with

parsed as (

    select
        file_id,
        row_no,
        json_transform(record, '{
            "id": "VARCHAR",
            "state": "VARCHAR",
            "outcome": "VARCHAR",
            "order_name": "VARCHAR",
            "customer": "VARCHAR",
            "customer_detail": {"email": "VARCHAR"},
            "address": {"country_code": "VARCHAR"},
            "currency": "VARCHAR",
            "handling_fee": "VARCHAR",
            "label_rate": "VARCHAR",
            "label_status": "VARCHAR",
            "label_updated_at": "VARCHAR",
            "labels": [{
                "status": "VARCHAR",
                "updated_at": "VARCHAR",
                "line_items": ["VARCHAR"]
            }],
            "created_at": "VARCHAR",
            "updated_at": "VARCHAR",
            "edited_at": "VARCHAR",
            "closed_at": "VARCHAR",
            "line_items": [{
                "line_item_id": "VARCHAR",
                "sku": "VARCHAR",
                "title": "VARCHAR",
                "price": "VARCHAR",
                "discount": "VARCHAR",
                "tax": "VARCHAR",
                "refund": "VARCHAR",
                "outcome": "VARCHAR",
                "return_reason": "VARCHAR",
                "parent_return_reason": "VARCHAR",
                "return_comment": "VARCHAR",
                "exchange_variant": "VARCHAR"
            }]
        }') as rma,
    from raw.loop__returns

),

-- Nobody knows what came back with a return that lists nothing: it has no line, and
-- the cast tells of it.
items as (

    select
        *,
        unnest(
            case
                when len(rma.line_items) > 0 then rma.line_items
                else [null]
            end
        ) as item,
        unnest(range(1, greatest(coalesce(len(rma.line_items), 0), 1) + 1))
            as position,
    from parsed

),

worded as (

    select
        file_id,
        row_no,
        rma,
        item,
        position,
        replace(lower(trim(rma.state)), 'needs review', 'review') as state,
        lower(coalesce(nullif(trim(item.outcome), ''), rma.outcome))
            as outcome,
        coalesce(nullif(trim(item.exchange_variant), ''), '{}') <> '{}'
            as has_exchange_variant,
        nullif(trim(item.return_reason), '') as child_reason,
        nullif(trim(item.parent_return_reason), '') as parent_reason,
        nullif(rma.label_updated_at, 'N/A') as label_updated_at,
        greatest(len(rma.line_items), 1) as case_line_count,
        -- 0 is what Loop writes where nothing was charged or nobody knows.
        nullif(try_cast(rma.label_rate as decimal(18, 4)), 0) as label_rate,
        nullif(try_cast(rma.handling_fee as decimal(18, 4)), 0) as handling_fee,
        try_cast(item.price as decimal(18, 4))
        - coalesce(try_cast(item.discount as decimal(18, 4)), 0)
        + coalesce(try_cast(item.tax as decimal(18, 4)), 0) as item_value,
        -- Webhooks have a label for some of the items each, lists one for all.
        list_filter(
            rma.labels,
            lambda label: list_contains(label.line_items, item.line_item_id)
        ) as labels,
    from items

),

received as (

    select
        *,
        concat_ws(' > ', parent_reason, child_reason) as whole_reason,
        case
            when state not in ('cancelled', 'canceled', 'expired') then
                coalesce(
                    list_filter(
                        labels,
                        lambda label: lower(label.status) = 'delivered'
                    )[1].updated_at,
                    case
                        when lower(rma.label_status) = 'delivered'
                            then coalesce(label_updated_at, rma.updated_at)
                    end
                )
        end as received_at,
        case
            when state = 'closed'
                then coalesce(
                    rma.closed_at,
                    rma.updated_at,
                    label_updated_at,
                    rma.created_at
                )
        end as closed_at,
        case
            when has_exchange_variant then 'exchange'
            when outcome in ('refund', 'exchange+refund') then 'refund'
            when regexp_matches(outcome, 'credit|gift') then 'store_credit'
            when regexp_matches(outcome, 'exchange|upsell|shop') then 'exchange'
            when regexp_matches(outcome, 'keep|green|donat') then 'keep_item'
            else outcome
        end as resolution,
    from worded

),

-- The merchant's words, in any language: what both mean together, else what the
-- finer one means, else the other.
words as (

    select
        reason_raw,
        arg_max(reason, source_system <> '*') not in ('other', 'no_reason')
            as says_much,
    from staging.reason_map
    where source_system in ('loop', '*')
    group by reason_raw

),

reasoned as (

    select
        received.*,
        case
            when whole_words.reason_raw is not null then whole_reason
            when child_words.says_much then child_reason
            when parent_words.says_much then parent_reason
            when
                child_words.reason_raw is not null
                and parent_words.reason_raw is not null
                then child_reason
            else nullif(whole_reason, '')
        end as reason,
    from received
    left join words as whole_words
        on lower(received.whole_reason) = whole_words.reason_raw
    left join words as child_words
        on lower(received.child_reason) = child_words.reason_raw
    left join words as parent_words
        on lower(received.parent_reason) = parent_words.reason_raw

),

renamed as (

    select
        -- ids; two units of one order line may share their number
        case
            when item is not null then
                concat_ws(
                    ':',
                    rma.id,
                    coalesce(item.line_item_id, 'item'),
                    nullif(row_number() over (
                        partition by file_id, row_no, item.line_item_id
                        order by position
                    ), 1)
                )
        end as return_id,
        nullif(trim(rma.order_name), '') as order_id,
        null::varchar as order_item_id,
        coalesce(nullif(trim(item.sku), ''), item.title) as product_id,
        lower(coalesce(
            nullif(trim(rma.customer), ''),
            nullif(trim(rma.customer_detail.email), '')
        )) as customer_ref,

        -- text
        null::varchar as lot,
        reason as reason_raw,
        item.return_comment as comment,
        case when received_at is not null then 'delivered' else state end
            as status,
        null::varchar as disposition,
        resolution,
        rma.currency as currency,
        rma.address.country_code as market,
        'own_shop' as sales_channel,
        null::varchar as warehouse,

        -- numerics; one item is one unit
        '1' as quantity,
        case when state = 'closed' and resolution = 'refund' then item.refund end
            as refund_amount,
        item_value::varchar as returned_value,
        case_line_count::varchar as case_line_count,
        -- A rate is that of one label: of several nobody knows whose.
        case
            when coalesce(len(rma.labels), 0) <= 1
                then (label_rate / case_line_count)::decimal(18, 4)::varchar
        end as label_cost,
        (handling_fee / case_line_count)::decimal(18, 4)::varchar
            as customer_contribution,

        -- timestamps; an item's own `returned_at` is when it was asked for
        coalesce(received_at, closed_at, rma.created_at) as returned_at,
        rma.created_at as requested_at,
        received_at,
        null::varchar as refunded_at,
        greatest(
            rma.updated_at,
            rma.edited_at,
            rma.closed_at,
            label_updated_at,
            received_at,
            rma.created_at
        ) as updated_at,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from reasoned

)

select * from renamed
