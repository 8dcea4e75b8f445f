with

source as (

    select
        file_id,
        row_no,
        record,
        record ->> '$.id' as ticket_id,
        coalesce(record ->> '$.requester_id', record ->> '$.requester.id')
            as requester_id,
        coalesce(record ->> '$.submitter_id', record ->> '$.submitter.id')
            as submitter_id,
        (try_cast(record ->> '$.created_at' as timestamptz) at time zone 'UTC')
            as opened_at,
        coalesce(record -> '$.metric_set', record -> '$.metrics') as metric_set,
    from raw.zendesk__tickets

),

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

),

teams as (

    select
        record ->> '$.id' as group_id,
        arg_max(record ->> '$.name', [file_id, row_no]) as group_name,
    from raw.zendesk__groups
    group by group_id

),

exported_metrics as (

    select
        record ->> '$.ticket_id' as ticket_id,
        arg_max(
            record,
            (coalesce(record ->> '$.updated_at', ''), file_id, row_no)
        ) as metric_set,
    from raw.zendesk__ticket_metrics
    where (record ->> '$.ticket_id') is not null
    group by all

),

-- The seller's own list in the inbox wins over the shipped one, field by field.
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
        unnest(
            coalesce(record -> '$.custom_fields', record -> '$.fields')::json[]
        ) as field,
    from source
    where
        json_type(coalesce(record -> '$.custom_fields', record -> '$.fields'))
        = 'ARRAY'

),

named_values as (

    select
        field_values.file_id,
        field_values.row_no,
        field_meanings.canonical_field,
        -- A multi-select holds a list: its first value.
        nullif(trim(case
            when json_type(field_values.field -> '$.value') = 'ARRAY'
                then field_values.field ->> '$.value[0]'
            else field_values.field ->> '$.value'
        end), '') as field_value,
    from field_values
    inner join field_meanings
        on (field_values.field ->> '$.id') = trim(field_meanings.field_id)

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
        unnest((record ->> '$.tags[*]')) as tag,
        generate_subscripts((record ->> '$.tags[*]'), 1) as tag_position,
    from source
    where json_type(record, '$.tags') = 'ARRAY'

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

all_comments as (

    select
        record ->> '$.ticket_id' as ticket_id,
        record as comment_record,
    from raw.zendesk__ticket_comments
    where (record ->> '$.ticket_id') is not null
    union all
    select
        ticket_id,
        unnest((record -> '$.comments')::json[]) as comment_record,
    from source
    where json_type(record, '$.comments') = 'ARRAY'

),

comments as (

    select
        ticket_id,
        coalesce(
            comment_record ->> '$.author_id',
            comment_record ->> '$.author.id'
        ) as author_id,
        comment_record ->> '$.author.role' as author_role,
        coalesce(lower(comment_record ->> '$.via.channel'), '') as via_channel,
        (try_cast(comment_record ->> '$.created_at' as timestamptz)
            at time zone 'UTC') as written_at,
    from all_comments
    where (comment_record ->> '$.public') = 'true'

),

requesters as (

    select
        ticket_id,
        max(requester_id) as requester_id,
        max(opened_at) as opened_at,
    from source
    group by ticket_id

),

-- Triggers, automations and bots write public comments too: they are no reply.
human_replies as (

    select
        comments.ticket_id,
        min(comments.written_at) as replied_at,
    from comments
    inner join requesters on comments.ticket_id = requesters.ticket_id
    left join people on comments.author_id = people.person_id
    where
        comments.author_id is distinct from requesters.requester_id
        and comments.via_channel not in ('rule', 'system')
        and comments.via_channel not like '%bot%'
        and comments.author_id not like '-%'
        and coalesce(people.role, comments.author_role, 'agent')
        in ('agent', 'admin')
    group by comments.ticket_id

),

joined as (

    select
        source.*,
        custom_values.order_id,
        custom_values.product_id,
        custom_values.market,
        custom_values.language,
        coalesce(custom_values.reason_raw, tagged_reasons.reason_raw)
            as reason_raw,
        coalesce(exported_metrics.metric_set, source.metric_set) as metrics,
        human_replies.replied_at as commented_at,
        requester.email as requester_email,
        requester.locale as requester_locale,
        coalesce(submitter.role, record ->> '$.submitter.role')
            as submitter_role,
        teams.group_name,
        coalesce(record ->> '$.group_id', record ->> '$.group.id') as group_id,
    from source
    left join custom_values
        on source.file_id = custom_values.file_id
        and source.row_no = custom_values.row_no
    left join tagged_reasons
        on source.file_id = tagged_reasons.file_id
        and source.row_no = tagged_reasons.row_no
    left join exported_metrics
        on source.ticket_id = exported_metrics.ticket_id
    left join human_replies on source.ticket_id = human_replies.ticket_id
    left join people as requester on source.requester_id = requester.person_id
    left join people as submitter on source.submitter_id = submitter.person_id
    left join teams
        on coalesce(record ->> '$.group_id', record ->> '$.group.id')
        = teams.group_id

),

measured as (

    select
        *,
        coalesce(
            try_cast(metrics ->> '$.reply_time_in_seconds.calendar' as double),
            60 * try_cast(
                metrics ->> '$.reply_time_in_minutes.calendar' as double
            )
        ) as reply_seconds,
        60 * try_cast(
            metrics ->> '$.first_resolution_time_in_minutes.calendar' as double
        ) as first_resolution_seconds,
        coalesce(lower(record ->> '$.via.channel'), '') as via_channel,
        coalesce(record ->> '$.via.source.rel', '') as via_relation,
    from joined

),

renamed as (

    select
        -- ids
        ticket_id,
        order_id,
        product_id,
        lower(coalesce(
            nullif(requester_email, ''),
            nullif(record ->> '$.requester.email', ''),
            nullif(record ->> '$.via.source.from.address', ''),
            'zendesk user ' || requester_id
        )) as customer_ref,
        coalesce(record ->> '$.assignee_id', record ->> '$.assignee.id')
            as agent_id,

        -- text
        record ->> '$.via.channel' as channel,
        lower(left(coalesce(
            language,
            requester_locale,
            record ->> '$.requester.locale'
        ), 2)) as language,
        market,
        case
            when coalesce(
                list_contains(record ->> '$.tags[*]', 'closed_by_merge'),
                false
            ) then 'merged'
            else record ->> '$.status'
        end as status,
        record ->> '$.priority' as priority,
        reason_raw,
        coalesce(record ->> '$.raw_subject', record ->> '$.subject')
            as subject,
        record ->> '$.description' as body,
        coalesce(group_name, record ->> '$.group.name', group_id)
            as agent_group,

        -- numerics
        round(reply_seconds / 60)::bigint::varchar
            as first_reply_minutes_reported,
        metrics ->> '$.replies' as agent_replies,
        metrics ->> '$.reopens' as reopens,

        -- booleans: an agent who writes down a call that came in did not
        -- start it.
        (
            submitter_id is not null
            and submitter_id is distinct from requester_id
            and coalesce(submitter_role, 'agent') in ('agent', 'admin')
            and not (
                via_channel in ('voice', 'phone')
                and via_relation in ('inbound', 'voicemail')
            )
        )::varchar as is_agent_initiated,

        -- timestamps
        record ->> '$.created_at' as created_at,
        strftime(
            coalesce(
                commented_at,
                opened_at + to_milliseconds((1000 * reply_seconds)::bigint)
            ),
            '%Y-%m-%dT%H:%M:%SZ'
        ) as first_replied_at,
        strftime(
            opened_at
            + to_milliseconds((1000 * first_resolution_seconds)::bigint),
            '%Y-%m-%dT%H:%M:%SZ'
        ) as first_solved_at,
        metrics ->> '$.solved_at' as solved_at,
        record ->> '$.updated_at' as updated_at,

        file_id as _file_id,
        row_no as _row_no,
        'UTC' as _time_zone,
    from measured

)

select * from renamed
