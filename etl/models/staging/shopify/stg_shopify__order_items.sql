with

source as (

    select
        *,
        coalesce(nullif(trim(name), ''), 'row ' || row_no) as order_name,
        coalesce(nullif(trim(lineitem_sku), ''), trim(lineitem_name))
            as product_id,
    from raw.shopify__orders

),

-- What a packing app leaves on the order's first row: `warehouse: NAME`,
-- `lot SKU: LOT`, one a line.
lines as (

    select
        *,
        row_number() over ordered as line_number,
        count(*) over whole as line_count,
        translate(
            first_value(note_attributes ignore nulls) over whole,
            chr(13) || chr(9),
            chr(10) || ' '
        ) as order_note,
    from source
    window
        ordered as (partition by file_id, order_name order by row_no),
        whole as (
            partition by file_id, order_name
            order by row_no
            rows between unbounded preceding and unbounded following
        )

),

noted as (

    select
        *,
        list_transform(
            string_split(order_note, chr(10)),
            lambda note : {
                'name': trim(split_part(note, ': ', 1)),
                'value': case
                    when contains(note, ': ')
                        then trim(substr(note, strpos(note, ': ') + 2))
                    else ''
                end
            }
        ) as order_notes,
    from lines

),

described as (

    select
        *,
        list_distinct([
            note.value for note in order_notes
            if note.value <> ''
            and lower(note.name[1:4]) = 'lot '
            and trim(note.name[5:]) = product_id
        ]) as lots,
        list_distinct([
            note.value for note in order_notes
            if note.value <> ''
            and lower(note.name) = 'warehouse'
        ]) as warehouses,
    from noted

),

parts as (

    select * from base_shopify__parts

),

renamed as (

    select
        -- ids
        coalesce(parts.part_id, described.order_name)
        || ':' || described.line_number as order_item_id,
        nullif(trim(described.name), '') as order_id,
        described.product_id,
        parts.part_id,

        -- text; two lots of one product: nobody knows which line has which
        described.lineitem_name as product_name,
        case
            when contains(described.lineitem_name, ' - ')
                then nullif(string_split(described.lineitem_name, ' - ')[-1], '')
        end as variant,
        described.vendor as brand,
        case when len(described.lots) = 1 then described.lots[1] end as lot,
        case when len(described.warehouses) = 1 then described.warehouses[1] end
            as warehouse,
        null::varchar as currency,

        -- numerics
        described.lineitem_quantity as quantity,
        described.lineitem_price as unit_price,
        described.lineitem_discount as discount_amount,
        described.line_number,
        described.line_count,

        -- timestamps
        null::varchar as updated_at,

        described.file_id as _file_id,
        described.row_no as _row_no,
        'UTC' as _time_zone,
    from described
    left join parts
        on described.file_id = parts.file_id
        and described.order_name = parts.order_name

)

select * from renamed
