-- One row per return and place where it stands in a file, with its order and all
-- that hangs on it.
with

records as (

    select
        file_id,
        row_no,
        case
            when json_type(record, '$.node') = 'OBJECT' then record -> '$.node'
            else record
        end as node,
    from raw.shopify_returns__records

),

named as (

    select
        *,
        node ->> '$.id' as gid,
        node ->> '$.__parentId' as parent_gid,
        regexp_extract(node ->> '$.id', '^gid://[^/]+/([^/]+)/', 1) as kind,
    from records

),

-- A bulk operation writes each object on a line of its own, after its parent.
children as (

    select
        file_id,
        parent_gid,
        list({'node': node, 'row_no': row_no} order by row_no)
            filter (where kind like '%ReturnLineItem') as lines,
        list(node order by row_no) filter (where kind = 'Refund') as refunds,
        count(*) filter (where kind = 'ExchangeLineItem') as exchange_count,
    from named
    where parent_gid is not null
    group by file_id, parent_gid

),

refund_files as (

    select distinct file_id from named where kind = 'Refund'

),

parents as (

    select
        file_id,
        gid,
        arg_max(node, row_no) as node,
    from named
    where kind = 'Order'
    group by file_id, gid

),

in_orders as (

    select
        file_id,
        row_no,
        unnest(
            json_extract(node, '$.returns[*]')
            || json_extract(node, '$.returns.nodes[*]')
            || json_extract(node, '$.returns.edges[*].node')
        ) as node,
        node as order_node,
    from named
    where json_type(node, '$.returns') is not null

),

alone as (

    select
        named.file_id,
        named.row_no,
        named.node,
        parents.node as order_node,
    from named
    left join parents
        on named.file_id = parents.file_id
        and named.parent_gid = parents.gid
    where
        json_type(named.node, '$.returns') is null
        and (
            named.kind = 'Return'
            or (
                coalesce(named.kind, '') = ''
                and json_type(named.node, '$.status') is not null
            )
        )

),

-- Lines whose return is not in the file have no time: the cast tells of them.
orphans as (

    select
        children.file_id,
        children.lines[1].row_no as row_no,
        json_object('id', children.parent_gid) as node,
        null::json as order_node,
    from children
    anti join named
        on children.file_id = named.file_id
        and children.parent_gid = named.gid
    where children.lines is not null

),

everything as (

    select * from in_orders
    union all
    select * from alone
    union all
    select * from orphans

),

read as (

    select
        everything.file_id,
        everything.row_no,
        row_number() over (
            partition by everything.file_id, everything.row_no
        ) as place,
        json_transform(everything.node, '{
            "id": "VARCHAR",
            "name": "VARCHAR",
            "status": "VARCHAR",
            "createdAt": "VARCHAR",
            "requestApprovedAt": "VARCHAR",
            "closedAt": "VARCHAR",
            "updatedAt": "VARCHAR",
            "returnShippingFees": [{
                "amountSet": {"shopMoney": {"amount": "VARCHAR"}}
            }],
            "order": {
                "name": "VARCHAR",
                "email": "VARCHAR",
                "customer": {
                    "email": "VARCHAR",
                    "defaultEmailAddress": {"emailAddress": "VARCHAR"}
                },
                "shippingAddress": {
                    "countryCodeV2": "VARCHAR", "countryCode": "VARCHAR"
                }
            }
        }') as rma,
        json_transform(everything.order_node, '{
            "name": "VARCHAR",
            "email": "VARCHAR",
            "customer": {
                "email": "VARCHAR",
                "defaultEmailAddress": {"emailAddress": "VARCHAR"}
            },
            "shippingAddress": {
                "countryCodeV2": "VARCHAR", "countryCode": "VARCHAR"
            }
        }') as parent,
        list_transform(
            json_extract(everything.node, '$.returnLineItems[*]')
            || json_extract(everything.node, '$.returnLineItems.nodes[*]')
            || json_extract(everything.node, '$.returnLineItems.edges[*].node'),
            lambda line: {'node': line, 'row_no': everything.row_no}
        )
        || coalesce(children.lines, []) as lines,
        -- Two answers in one file tell of one refund, not of two.
        list_distinct(
            json_extract(everything.node, '$.refunds[*]')
            || json_extract(everything.node, '$.refunds.nodes[*]')
            || json_extract(everything.node, '$.refunds.edges[*].node')
            || coalesce(children.refunds, [])
        ) as refunds,
        -- Where nobody asked for refunds, none does not mean that none was paid.
        json_type(everything.node, '$.refunds') is not null
        or refund_files.file_id is not null as tells_refunds,
        len(
            json_extract(everything.node, '$.exchangeLineItems[*]')
            || json_extract(everything.node, '$.exchangeLineItems.nodes[*]')
            || json_extract(everything.node, '$.exchangeLineItems.edges[*]')
        ) + coalesce(children.exchange_count, 0) as exchange_count,
    from everything
    left join children
        on everything.file_id = children.file_id
        and (everything.node ->> '$.id') = children.parent_gid
    left join refund_files on everything.file_id = refund_files.file_id

)

select * from read
