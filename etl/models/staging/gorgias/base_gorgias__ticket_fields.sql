-- What ticket fields, tags and the customer's shop orders say of a ticket. One
-- row per ticket and version that has any.
with

tickets as (

    select * from base_gorgias__records where kind = 'ticket'

),

-- The seller's list in the inbox, a feed of reference that every run loads.
field_meanings as (

    select
        trim(field_id) as field_id,
        lower(trim(canonical_field)) as canonical_field,
    from raw.gorgias__custom_fields

),

-- An object by field id, in some exports a list.
field_lists as (

    select
        file_id,
        row_no,
        case json_type(fields.custom_fields)
            when 'OBJECT' then json_extract(fields.custom_fields, '$.*')
            when 'ARRAY' then json_extract(fields.custom_fields, '$[*]')
        end as field_list,
    from tickets

),

field_values as (

    select
        file_id,
        row_no,
        unnest(field_list) ->> '$.id' as field_id,
        nullif(trim(unnest(field_list) ->> '$.value'), '') as field_value,
        generate_subscripts(field_list, 1) as position,
    from field_lists

),

named_values as (

    select
        field_values.file_id,
        field_values.row_no,
        min(field_values.field_value)
            filter (where field_meanings.canonical_field = 'order_id')
            as order_id,
        min(field_values.field_value)
            filter (where field_meanings.canonical_field = 'product_id')
            as product_id,
        min(field_values.field_value)
            filter (where field_meanings.canonical_field = 'reason_raw')
            as reason_raw,
        min(field_values.field_value)
            filter (where field_meanings.canonical_field = 'market') as market,
        min(field_values.field_value)
            filter (where field_meanings.canonical_field = 'language')
            as language,
    from field_values
    inner join field_meanings
        on field_values.field_id = field_meanings.field_id
    group by field_values.file_id, field_values.row_no

),

tags as (

    select
        file_id,
        row_no,
        unnest(fields.tags) as tag,
        generate_subscripts(fields.tags, 1) as position,
    from tickets

),

-- Choices are written as paths: `Product::Defective`. Where the list names no
-- field of reasons, any field may be it, and else a tag.
words as (

    select
        file_id,
        row_no,
        0 as place,
        0 as position,
        reason_raw as word,
    from named_values
    union all
    select
        file_id,
        row_no,
        1 as place,
        0 as position,
        string_split(reason_raw, '::')[-1] as word,
    from named_values
    union all
    select
        file_id,
        row_no,
        2 as place,
        position,
        field_value as word,
    from field_values
    union all
    select
        file_id,
        row_no,
        3 as place,
        position,
        string_split(field_value, '::')[-1] as word,
    from field_values
    union all
    select
        file_id,
        row_no,
        4 as place,
        position,
        coalesce(tag ->> '$.name', tag ->> '$') as word,
    from tags

),

known_reasons as (

    select
        words.file_id,
        words.row_no,
        arg_min(words.word, [words.place, words.position])
            filter (where words.place <= 1) as named_reason,
        arg_min(words.word, [words.place, words.position]) as any_reason,
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
            named_values.order_id,
            nullif(tickets.fields.meta.order_name, ''),
            nullif(tickets.fields.meta.order_number, ''),
            nullif(tickets.fields.meta.order_id, ''),
            only_orders.order_id
        ) as order_id,
        coalesce(
            named_values.product_id,
            nullif(tickets.fields.meta.sku, '')
        ) as product_id,
        named_values.market,
        named_values.language,
        coalesce(
            known_reasons.named_reason,
            named_values.reason_raw,
            known_reasons.any_reason
        ) as reason_raw,
    from tickets
    left join named_values
        on tickets.file_id = named_values.file_id
        and tickets.row_no = named_values.row_no
    left join known_reasons
        on tickets.file_id = known_reasons.file_id
        and tickets.row_no = known_reasons.row_no
    left join only_orders
        on tickets.file_id = only_orders.file_id
        and tickets.row_no = only_orders.row_no

)

select * from joined
