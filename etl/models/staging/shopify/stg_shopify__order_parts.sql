with

parts as (

    select * from base_shopify__parts

),

-- `lot SKU: LOT`, one a line, as in stg_shopify__order_items.
notes as (

    select
        parts.part_id,
        regexp_extract(
            unnest(string_split(
                replace(source.note_attributes, chr(13), chr(10)),
                chr(10)
            )),
            '^\s*(?i:lot)\s+(.+?)\s*:\s+(.*?)\s*$',
            ['product_id', 'lot']
        ) as note,
    from raw.shopify__orders as source
    inner join parts
        on source.file_id = parts.file_id
        and trim(source.name) = parts.order_name
    where source.note_attributes is not null

),

told as (

    select
        part_id,
        note.product_id,
        min(note.lot) as lot,
    from notes
    where note.lot <> ''
    group by part_id, note.product_id
    having min(note.lot) = max(note.lot)

),

lots as (

    select
        part_id,
        json_group_object(product_id, lot)::varchar as lots,
    from told
    group by part_id

),

renamed as (

    select
        -- ids
        parts.part_id,
        parts.order_name as order_id,

        -- text
        lots.lots,

        -- numerics
        parts.line_count,

        -- booleans
        parts.is_continued,
        parts.is_at_file_end,

        -- timestamps
        null::varchar as updated_at,

        parts.file_id as _file_id,
        parts.row_no as _row_no,
        'UTC' as _time_zone,
    from parts
    left join lots on parts.part_id = lots.part_id

)

select * from renamed
