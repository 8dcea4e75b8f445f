-- What ticket fields, tags and the customer's shop orders say of a ticket. One
-- row per ticket and version that has any.
with

tickets as (

    select * from base_gorgias__records where kind = 'ticket'

),

-- An object by field id, in some exports a list. Choices are written as paths:
-- `Product::Defective`.
field_values as (

    select
        file_id,
        row_no,
        unnest(case json_type(fields.custom_fields)
            when 'OBJECT' then json_extract(fields.custom_fields, '$.*.value')
            when 'ARRAY' then json_extract(fields.custom_fields, '$[*].value')
        end) ->> '$' as field_value,
        generate_subscripts(case json_type(fields.custom_fields)
            when 'OBJECT' then json_extract(fields.custom_fields, '$.*.value')
            when 'ARRAY' then json_extract(fields.custom_fields, '$[*].value')
        end, 1) as position,
    from tickets

),

tags as (

    select
        file_id,
        row_no,
        unnest(fields.tags) as tag,
        generate_subscripts(fields.tags, 1) as position,
    from tickets

),

words as (

    select
        file_id,
        row_no,
        0 as place,
        position,
        field_value as word,
    from field_values
    union all
    select
        file_id,
        row_no,
        1 as place,
        position,
        string_split(field_value, '::')[-1] as word,
    from field_values
    where contains(field_value, '::')
    union all
    select
        file_id,
        row_no,
        2 as place,
        position,
        coalesce(tag ->> '$.name', tag ->> '$') as word,
    from tags

),

-- The first field, else the first tag, that the taxonomy knows: which field
-- holds the reason differs from account to account.
reasons as (

    select
        words.file_id,
        words.row_no,
        arg_min(words.word, [words.place, words.position]) as reason_raw,
    from words
    semi join staging.reason_map as reason_map
        on lower(trim(words.word)) = reason_map.reason_raw
        and reason_map.source_system in ('gorgias', '*')
    group by words.file_id, words.row_no

),

shops as (

    select
        file_id,
        row_no,
        opened_at,
        unnest(json_extract(fields.customer.integrations, '$.*')) as shop,
    from tickets

),

shop_orders as (

    select
        file_id,
        row_no,
        opened_at,
        unnest(json_extract(shop, '$.orders[*]')) as shop_order,
    from shops
    where (shop ->> '$.__integration_type__') = 'shopify'

),

-- The ticket does not say which order it is about; a customer who had only one
-- by then leaves no choice.
only_orders as (

    select
        file_id,
        row_no,
        min(shop_order ->> '$.name') as order_id,
    from shop_orders
    where
        (try_cast(shop_order ->> '$.created_at' as timestamptz)
            at time zone 'UTC') <= opened_at
    group by file_id, row_no
    having count(distinct shop_order ->> '$.name') = 1

),

joined as (

    select
        tickets.file_id,
        tickets.row_no,
        coalesce(
            nullif(tickets.fields.meta.order_name, ''),
            nullif(tickets.fields.meta.order_number, ''),
            nullif(tickets.fields.meta.order_id, ''),
            only_orders.order_id
        ) as order_id,
        nullif(tickets.fields.meta.sku, '') as product_id,
        reasons.reason_raw,
    from tickets
    left join reasons
        on tickets.file_id = reasons.file_id
        and tickets.row_no = reasons.row_no
    left join only_orders
        on tickets.file_id = only_orders.file_id
        and tickets.row_no = only_orders.row_no

)

select * from joined
