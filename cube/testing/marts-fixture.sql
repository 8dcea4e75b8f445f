-- Marts of a small made-up seller: 60 days, 8 products, every case a measure has to tell apart. `fixture` (one row) gives the
-- version. Values come from the row number, never from chance, so that every run builds the same.

create table products as
select
    'SKU-' || product_no as product_id,
    'Product ' || product_no as product_name,
    ['shoes', 'audio', 'unknown'][1 + product_no % 3] as category,
    ['Aria', 'Nova', 'unknown'][1 + product_no % 3] as brand,
    ['Supplier A', 'unknown'][1 + product_no % 2] as supplier,
    cast(5 + product_no as decimal(18, 4)) as unit_cost_reporting,
    timestamp '2026-01-01 08:00:00' + interval (product_no) hour as first_sold_at,
    'shop' as source_system,
from range(8) as numbers(product_no);

create table orders as
select
    'O' || order_no as order_id,
    ['shop', 'market'][1 + order_no % 2] as source_system,
    ['own_shop', 'amazon', 'unknown'][1 + order_no % 3] as sales_channel,
    ['DE', 'US', 'FR', 'unknown'][1 + order_no % 4] as market,
    case when order_no % 7 <> 0 then 'C' || (order_no * 13 % 90) end as customer_id,
    'EUR' as currency,
    cast(20 + order_no % 50 as decimal(18, 4)) as total_amount,
    case when order_no % 19 <> 0 then cast(22 + order_no % 50 as decimal(18, 4)) end as total_amount_reporting,
    cast(0 as decimal(18, 4)) as refunded_amount_reporting,
    case when order_no % 11 = 0 then 'cancelled' else 'paid' end as status,
    order_no % 11 = 0 as is_cancelled,
    order_no % 29 = 0 as is_exchange,
    order_no % 11 <> 0 and order_no % 29 <> 0 as is_paid,
    timestamp '2026-01-01 00:30:00' + interval (order_no * 3) hour as ordered_at,
    ordered_at + interval 1 hour as ordered_at_local,
    cast(ordered_at_local as date) as ordered_date,
    ordered_at + interval 1 day as shipped_at,
    case when order_no % 11 <> 0 and order_no % 9 <> 0 then ordered_at + interval (4 + order_no % 6) day end as delivered_at,
    cast(delivered_at as date) as delivered_date,
    ordered_date + 6 as promised_delivery_date,
    cast(2 + order_no % 3 as bigint) as unit_count,
    2::bigint as item_count,
from range(480) as numbers(order_no);

create table customers as
select
    customer_id,
    any_value(market order by order_id) as country,
    min(ordered_at) as first_order_at,
    max(ordered_at) as last_order_at,
    count(*) as order_count,
from orders
where customer_id is not null
group by customer_id;

create table order_items as
with numbered as (
    select
        *,
        cast(substr(order_id, 2) as integer) as order_no,
    from orders, range(2) as lines(line_no)
)
select
    order_id || ':' || line_no as order_item_id,
    order_id,
    source_system,
    'SKU-' || ((order_no * 3 + line_no) % 8) as product_id,
    ['S', 'M', 'unknown'][1 + order_no % 3] as variant,
    'LOT-' || (order_no // 120) as lot,
    ['SZX', 'DE1', 'unknown'][1 + order_no % 3] as warehouse,
    ['4PX', 'DHL', 'unknown'][1 + (order_no // 2) % 3] as carrier,
    market,
    sales_channel,
    customer_id,
    cast(1 + (order_no + line_no) % 3 as bigint) as quantity,
    cast(10 + order_no % 40 as decimal(18, 4)) as line_amount_reporting,
    ordered_at,
    ordered_at_local,
    delivered_at,
    delivered_date,
    case
        when delivered_at is null then 'none'
        else ['carrier', 'order_export', 'assumed'][1 + order_no % 3]
    end as delivery_basis,
    is_cancelled,
    delivered_at is not null as is_delivered,
    delivered_date is not null and delivered_date + 30 <= date '2026-03-05' as is_matured_30d,
    -- Also for lines that have not matured: the return rate must leave these out.
    case when delivered_at is not null and order_no % 8 = line_no then 1 else 0 end::bigint as returned_units_30d,
    case when delivered_at is not null and order_no % 6 = line_no then 1 else 0 end::bigint as returned_units,
    case when delivered_at is not null and is_matured_30d then quantity else 0 end::bigint as matured_units_30d,
    case when delivered_at is not null then quantity else 0 end::bigint as delivered_units,
    returned_units > 0 as has_return,
    order_no % 12 = line_no as has_product_complaint,
from numbered;

create table shipments as
with numbered as (
    select *, cast(substr(order_id, 2) as integer) as order_no
    from orders
    where not is_cancelled
)
select
    'S' || order_no as shipment_id,
    'tracker' as source_system,
    order_id,
    ['4PX', 'DHL', 'unknown'][1 + (order_no // 2) % 3] as carrier,
    '…' || (1000 + order_no) as tracking_number_masked,
    'CN' as origin_country,
    market as destination_country,
    market,
    'CN→' || market || ' ' || carrier as lane,
    'SZX' as warehouse,
    order_no % 23 = 0 as is_return_leg,
    case when delivered_at is null then 'in_transit' else 'delivered' end as state,
    shipped_at,
    shipped_at + interval 1 hour as shipped_at_local,
    delivered_at,
    delivered_at + interval 1 hour as delivered_at_local,
    delivered_date,
    case when order_no % 17 <> 0 then delivered_date end as first_attempted_date,
    case when order_no % 5 <> 0 then promised_delivery_date end as promised_delivery_date,
    cast(case when order_no % 5 <> 0 then promised_delivery_date end as timestamp) as promised_delivery_at_local,
    orders_promised as estimated_delivery_date,
    delivered_at is not null as is_delivered,
    first_attempted_date is not null and order_no % 5 <> 0 as has_promise_and_attempt,
    has_promise_and_attempt and first_attempted_date <= promised_delivery_date as is_on_time,
    has_promise_and_attempt and first_attempted_date > promised_delivery_date as is_late,
    order_no % 5 <> 0 and first_attempted_date is null and promised_delivery_date < date '2026-03-05' as is_overdue,
    order_no % 41 = 0 as is_lost,
    order_no % 37 = 0 as is_damaged,
    true as is_tracked,
    date_diff('hour', shipped_at, delivered_at) / 24.0 + order_no % 4 as transit_days,
from (select *, promised_delivery_date as orders_promised from numbered);

create table carrier_events as
select
    shipment_id || ':' || event_no as carrier_event_id,
    shipment_id,
    order_id,
    source_system,
    carrier,
    market,
    lane,
    ['picked_up', 'in_transit', 'delivered'][event_no] as event_state,
    'raw' as state_raw,
    shipped_at + interval (event_no) day as occurred_at,
    occurred_at + interval 1 hour as occurred_at_local,
    'instant' as occurred_at_precision,
    'Shenzhen' as location,
    'Scan ' || event_no as message,
from shipments, range(1, 4) as events(event_no);

create table returns as
with numbered as (
    select *, cast(split_part(substr(order_id, 2), ':', 1) as integer) as order_no
    from order_items
    where has_return
)
select
    'R' || order_item_id as return_id,
    source_system,
    order_id,
    order_item_id,
    product_id,
    variant,
    1 + order_no % 2 as quantity,
    [
        'quality_defect', 'size_too_small', 'not_as_described', 'changed_mind',
        'damaged_in_transit', 'unmapped', 'no_reason',
    ][1 + (order_no // 6) % 7] as reason,
    'raw' as reason_raw,
    ['product', 'product', 'listing', 'customer', 'carrier', 'unknown', 'unknown'][1 + (order_no // 6) % 7] as reason_group,
    case when order_no % 4 = 0 then 'Stopped working' end as comment,
    ['refund', 'exchange', 'unknown'][1 + order_no % 3] as resolution,
    'resell' as disposition,
    order_no % 10 <> 0 as is_completed,
    resolution = 'exchange' as is_exchange,
    case when order_no % 18 <> 0 then cast(9.99 + order_no % 20 as decimal(18, 4)) end as refund_amount_reporting,
    customer_id,
    market,
    sales_channel,
    carrier,
    warehouse,
    lot,
    delivered_at + interval 2 day as requested_at,
    delivered_at + interval (3 + order_no % 5) day as returned_at,
    returned_at + interval 1 hour as returned_at_local,
    cast(returned_at_local as date) as returned_date,
    delivered_date,
    returned_date - delivered_date as lag_days,
    (order_no // 6) % 7 in (0, 1, 2) as is_product_complaint,
    (order_no // 6) % 7 = 0 as is_quality_complaint,
    -- 60 and 90 days are shortened to 40 and 50, so that some of these few weeks' returns have matured.
    is_completed and customer_id is not null and returned_at + interval 30 day <= timestamp '2026-03-05' as is_matured_30d,
    is_completed and customer_id is not null and returned_at + interval 40 day <= timestamp '2026-03-05' as is_matured_60d,
    is_completed and customer_id is not null and returned_at + interval 50 day <= timestamp '2026-03-05' as is_matured_90d,
    case when customer_id is not null then order_no % 5 = 1 end as is_repurchased_30d,
    case when customer_id is not null then order_no % 5 in (1, 2) end as is_repurchased_60d,
    case when customer_id is not null then order_no % 5 in (1, 2, 3) end as is_repurchased_90d,
from numbered;

create table tickets as
select
    'T' || ticket_no as ticket_id,
    'desk' as source_system,
    'O' || (ticket_no * 2 % 480) as order_id,
    case when ticket_no % 4 = 0 then 'unknown' else 'SKU-' || (ticket_no * 5 % 8) end as product_id,
    'C' || (ticket_no % 90) as customer_id,
    ['email', 'chat', 'unknown'][1 + ticket_no % 3] as channel,
    ['de', 'en', 'unknown'][1 + ticket_no % 3] as language,
    ['DE', 'US', 'FR', 'unknown'][1 + ticket_no % 4] as market,
    case when ticket_no % 6 = 0 then 'open' else 'solved' end as status,
    ['normal', 'high'][1 + ticket_no % 2] as priority,
    ['late_delivery', 'quality_defect', 'size_too_small', 'usage_question', 'unmapped'][1 + ticket_no % 5] as reason,
    'raw' as reason_raw,
    ['carrier', 'product', 'product', 'service', 'unknown'][1 + ticket_no % 5] as reason_group,
    'Subject ' || ticket_no as subject,
    'Body' as body,
    'A' || (ticket_no % 9) as agent_id,
    ['EU', 'CN'][1 + ticket_no % 2] as agent_group,
    ticket_no % 25 = 0 as is_agent_initiated,
    timestamp '2026-01-01 00:30:00' + interval (ticket_no * 200) minute as created_at,
    created_at + interval 1 hour as created_at_local,
    created_at + interval (ticket_no % 37 * 97) minute as first_replied_at,
    case
        when ticket_no % 8 <> 0 and ticket_no % 25 <> 0 then ticket_no % 37 * 97.5
    end as first_reply_minutes,
    first_reply_minutes is not null as is_answered,
    ticket_no % 25 <> 0 and (first_reply_minutes is not null or ticket_no < 380) as is_reply_due,
    is_reply_due and coalesce(first_reply_minutes <= 1440, false) as is_replied_within_24h,
    ticket_no % 8 = 0 and ticket_no % 6 = 0 as is_awaiting_first_reply,
    case when ticket_no % 6 <> 0 then created_at + interval 2 day end as solved_at,
    case when ticket_no % 6 <> 0 then 60.0 * (1 + ticket_no % 41) end as first_resolution_minutes,
    -- A reopened ticket was solved once: its time must not count while it is open.
    case when ticket_no % 6 <> 0 or ticket_no % 12 = 0 then 75.5 * (1 + ticket_no % 41) end as full_resolution_minutes,
    ticket_no % 6 <> 0 as is_solved,
    cast(case when ticket_no % 12 = 0 or ticket_no % 7 = 0 then 1 + ticket_no % 2 else 0 end as integer) as reopens,
    1 + ticket_no % 3 as agent_replies,
    ticket_no % 5 in (1, 2) as is_product_complaint,
    ticket_no % 5 = 1 as is_quality_complaint,
from range(400) as numbers(ticket_no);

create table survey_responses as
with numbered as (
    select *, cast(substr(ticket_id, 2) as integer) as ticket_no
    from tickets
)
select
    'V' || ticket_no as survey_response_id,
    source_system,
    ticket_id,
    order_id,
    product_id,
    customer_id,
    ['overall', 'product_quality', 'after_sales_service'][1 + ticket_no % 3] as survey_dimension,
    case when ticket_no % 2 = 0 then 'good_bad' else 'five_point' end as scale,
    case
        when ticket_no % 3 = 0 then null
        when scale = 'good_bad' then if(ticket_no % 5 = 0, 1.0, 5.0)
        else 1.0 + ticket_no % 5
    end as score,
    score is not null as is_rated,
    case when score is not null then score >= 4 end as is_satisfied,
    case when ticket_no % 9 = 1 then 'Thanks' end as comment,
    market,
    channel,
    -- One source exports answers without the time the survey was sent.
    case when ticket_no % 10 <> 1 then created_at + interval 3 day end as sent_at,
    sent_at + interval 1 hour as sent_at_local,
    case when score is not null then created_at + interval 4 day end as responded_at,
    responded_at + interval 1 hour as responded_at_local,
from numbered;

create table anomaly_series as
select
    'returns|' || product_id || '|quality_defect' as series_id,
    'returns' as watch,
    'product' as subject_kind,
    product_id,
    'quality_defect' as reason,
    'product' as reason_group,
    'all' as market,
    category,
    'up' as direction,
    'units' as unit,
    date '2026-01-01' as first_date,
    date '2026-02-09' as last_date,
    40.0::double as total_observed,
    1.2::double as dispersion,
    'lag_matched' as method,
from products;

create table anomaly_points as
with numbered as (
    select *, cast(substr(product_id, 5) as integer) as product_no
    from anomaly_series, range(40) as days(day_no)
)
select
    series_id,
    cast(date '2026-01-01' + cast(day_no as integer) as date) as date,
    cast(date as timestamp) as day,
    ((day_no * 7 + product_no) % 4)::double as observed,
    (20 + day_no % 5)::double as exposure,
    1.25::double as expected,
    0.0::double as lower,
    3.5::double as upper,
    observed - expected as score,
    0.04::double as p_value,
    1.0 / (2 + day_no) as q_value,
    product_no = 3 and day_no >= 35 as is_alarm,
    case when product_no = 3 and day_no >= 35 then 'A-1' end as anomaly_id,
from numbered;

create table anomalies as
select
    'A-' || anomaly_no as anomaly_id,
    'returns|SKU-' || (3 + anomaly_no) || '|quality_defect' as series_id,
    'returns' as watch,
    'SKU-' || (3 + anomaly_no) as product_id,
    'quality_defect' as reason,
    'all' as market,
    'shoes' as category,
    date '2026-02-01' + cast(anomaly_no as integer) as started_on,
    started_on + 2 as detected_on,
    started_on + 5 as last_alarm_on,
    case when anomaly_no > 0 then started_on + 8 end as ended_on,
    anomaly_no = 0 as is_open,
    6 as days,
    12.0 + anomaly_no as observed,
    4.5 as expected,
    -- Two units of the last one are of a large order and were not judged.
    observed - expected - case when anomaly_no = 2 then 2 else 0 end as excess,
    (expected + excess) / expected as rate_ratio,
    150.0 as exposure,
    0.0001 as p_value,
    0.004 as q_value,
    ['high', 'medium', 'low'][1 + anomaly_no] as severity,
    8.0 - anomaly_no as score,
    case when anomaly_no < 2 then 120.5 end as excess_cost_reporting,
from range(3) as numbers(anomaly_no);

create table source_freshness as
select *
from (
    values
        ('desk', 'tickets', 400::bigint, 3::bigint, timestamp '2026-02-25 12:00:00', timestamp '2026-02-25 12:00:00'),
        ('shop', 'orders', 480::bigint, 0::bigint, timestamp '2026-03-01 10:00:00', timestamp '2026-03-01 10:00:00')
) as freshness(source_system, entity, row_count, quarantined_count, latest_event_at, data_complete_to);

create table quarantine (
    source_system varchar, entity varchar, path varchar, row_no bigint, column_name varchar, reason varchar, raw varchar
);

create table snapshot as
select
    version,
    version_name,
    timestamp '2026-03-05 06:00:00' as built_at,
    'Europe/Berlin' as reporting_time_zone,
    'USD' as reporting_currency,
    'Fixture seller' as seller_name,
    true as is_demo,
    'fixture' as inbox_fingerprint,
    timestamp '2026-02-25 12:00:00' as data_complete_to,
from fixture;

drop table fixture;
