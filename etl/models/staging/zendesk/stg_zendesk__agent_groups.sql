with

source as (

    select
        file_id,
        row_no,
        record ->> '$.id' as group_id,
        record ->> '$.name' as group_name,
    from raw.zendesk__groups

),

renamed as (

    select
        -- ids
        group_id as agent_group_id,

        -- text
        group_name,

        -- timestamps
        null::varchar as updated_at,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from source
    where group_id is not null and nullif(trim(group_name), '') is not null

)

select * from renamed
