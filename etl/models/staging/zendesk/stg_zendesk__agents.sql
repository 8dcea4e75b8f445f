with

users as (

    select * from base_zendesk__users where is_agent

),

-- Without their last change, which every log-in moves: all tickets depend on this
-- list.
renamed as (

    select
        -- ids
        user_ref as agent_ref,

        -- text
        role,
        person_name as agent_name,

        -- timestamps
        null::varchar as updated_at,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from users

)

select * from renamed
