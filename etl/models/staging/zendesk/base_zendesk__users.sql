-- Requesters and agents. One row per person and version.
with

source as (

    select
        file_id,
        row_no,
        json_transform(record, '{
            "id": "VARCHAR",
            "name": "VARCHAR",
            "email": "VARCHAR",
            "role": "VARCHAR",
            "locale": "VARCHAR",
            "updated_at": "VARCHAR"
        }') as person,
    from raw.zendesk__users

),

final as (

    select
        file_id,
        row_no,
        'zendesk user ' || person.id as user_ref,
        nullif(trim(person.name), '') as person_name,
        nullif(trim(person.email), '') as email,
        lower(trim(person.role)) as role,
        lower(left(person.locale, 2)) as language,
        person.updated_at as updated_at,
        coalesce(lower(trim(person.role)) in ('agent', 'admin'), false)
            as is_agent,
    from source
    where person.id is not null

)

select * from final
