-- Only where a source gives one person several identities; everyone else is
-- who they say they are. One row per source system and identity.
with

customers as (

    select * from staging.customers

),

persons as (

    select
        source_system,
        customer_ref,
        max(person_ref) as customer_id,
    from customers
    where person_ref is not null
    group by source_system, customer_ref

)

select * from persons
