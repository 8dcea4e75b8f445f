-- What the seller's own fields and tags say of a ticket. One row per ticket and
-- version that has any.
with

tickets as (

    select * from base_zendesk__tickets

),

-- The seller's own list in the inbox, a feed of reference that every run loads,
-- wins over the shipped one, field by field.
field_meanings as (

    select field_id, canonical_field
    from raw.zendesk__custom_fields
    union all
    select shipped.field_id, shipped.canonical_field
    from staging.zendesk_custom_fields as shipped
    anti join raw.zendesk__custom_fields as own
        on shipped.canonical_field = own.canonical_field

),

field_values as (

    select
        file_id,
        row_no,
        unnest(coalesce(ticket.custom_fields, ticket.fields)) as field,
    from tickets

),

named_values as (

    select
        field_values.file_id,
        field_values.row_no,
        field_meanings.canonical_field,
        -- A multi-select holds a list: its first value.
        nullif(trim(case
            when json_type(field_values.field.value) = 'ARRAY'
                then field_values.field.value ->> '$[0]'
            else field_values.field.value ->> '$'
        end), '') as field_value,
    from field_values
    inner join field_meanings
        on field_values.field.id = trim(field_meanings.field_id)

),

custom_values as (

    select
        file_id,
        row_no,
        min(field_value) filter (where canonical_field = 'order_id') as order_id,
        min(field_value) filter (where canonical_field = 'product_id')
            as product_id,
        min(field_value) filter (where canonical_field = 'reason_raw')
            as reason_raw,
        min(field_value) filter (where canonical_field = 'market') as market,
        min(field_value) filter (where canonical_field = 'language')
            as language,
    from named_values
    group by file_id, row_no

),

ticket_tags as (

    select
        file_id,
        row_no,
        unnest(ticket.tags) as tag,
        generate_subscripts(ticket.tags, 1) as tag_position,
    from tickets

),

-- Teams that have no reason field tag the reason: the first tag the taxonomy knows.
tagged_reasons as (

    select
        ticket_tags.file_id,
        ticket_tags.row_no,
        arg_min(ticket_tags.tag, ticket_tags.tag_position) as reason_raw,
    from ticket_tags
    semi join staging.reason_map as reason_map
        on lower(trim(ticket_tags.tag)) = reason_map.reason_raw
        and reason_map.source_system in ('zendesk', '*')
    group by ticket_tags.file_id, ticket_tags.row_no

),

joined as (

    select
        coalesce(custom_values.file_id, tagged_reasons.file_id) as file_id,
        coalesce(custom_values.row_no, tagged_reasons.row_no) as row_no,
        custom_values.order_id,
        custom_values.product_id,
        custom_values.market,
        custom_values.language,
        coalesce(custom_values.reason_raw, tagged_reasons.reason_raw)
            as reason_raw,
    from custom_values
    full join tagged_reasons
        on custom_values.file_id = tagged_reasons.file_id
        and custom_values.row_no = tagged_reasons.row_no

)

select * from joined
