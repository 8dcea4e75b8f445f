-- Requesters and agents. One row per person.
with

people as (

    select
        record ->> '$.id' as person_id,
        arg_max(record ->> '$.email', [file_id, row_no])
            filter (where (record ->> '$.email') is not null) as email,
        arg_max(record ->> '$.role', [file_id, row_no])
            filter (where (record ->> '$.role') is not null) as role,
        arg_max(record ->> '$.locale', [file_id, row_no])
            filter (where (record ->> '$.locale') is not null) as locale,
    from raw.zendesk__users
    group by person_id

)

select * from people
