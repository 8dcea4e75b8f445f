with

users as (

    select * from base_zendesk__users where not is_agent

),

renamed as (

    select
        -- ids
        user_ref as customer_ref,
        email as person_ref,

        -- text
        null::varchar as country,
        language,

        -- timestamps
        updated_at,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from users

)

select * from renamed
