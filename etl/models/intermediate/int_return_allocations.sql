-- Which units of which order lines came back with which return, in the order
-- the returns came, never more than the line holds. One row per return and
-- order line with at least one unit.
with

returns as (

    select * from staging.int_returns where is_completed

),

lines as (

    select * from staging.int_order_lines where quantity > 0

),

-- Returns that name their line.
named as (

    select
        returns.return_id,
        returns.returned_at,
        returns.quantity,
        lines.order_item_id,
        lines.quantity as line_quantity,
    from returns
    inner join lines on returns.named_order_item_id = lines.order_item_id

),

named_ranges as (

    select
        *,
        sum(quantity) over (
            partition by order_item_id
            order by returned_at, return_id
        ) as units_to,
    from named

),

named_units as (

    select
        return_id,
        order_item_id,
        greatest(
            least(units_to, line_quantity)
            - least(units_to - quantity, line_quantity),
            0
        ) as units,
    from named_ranges

),

taken as (

    select
        order_item_id,
        sum(units) as units,
    from named_units
    group by order_item_id

),

-- Returns that name order and product only fill what is left of these lines,
-- first line first.
line_ranges as (

    select
        lines.order_id,
        lines.product_id,
        lines.order_item_id,
        lines.quantity - coalesce(taken.units, 0) as free_units,
        sum(lines.quantity - coalesce(taken.units, 0)) over (
            partition by lines.order_id, lines.product_id
            order by lines.order_item_id
        ) as units_to,
    from lines
    left join taken on lines.order_item_id = taken.order_item_id

),

unnamed as (

    select returns.*
    from returns
    anti join named on returns.return_id = named.return_id
    where returns.order_id is not null and returns.product_id is not null

),

unnamed_ranges as (

    select
        return_id,
        order_id,
        product_id,
        quantity,
        sum(quantity) over (
            partition by order_id, product_id
            order by returned_at, return_id
        ) as units_to,
    from unnamed

),

unnamed_units as (

    select
        unnamed_ranges.return_id,
        line_ranges.order_item_id,
        least(unnamed_ranges.units_to, line_ranges.units_to)
        - greatest(
            unnamed_ranges.units_to - unnamed_ranges.quantity,
            line_ranges.units_to - line_ranges.free_units
        ) as units,
    from unnamed_ranges
    inner join line_ranges
        on unnamed_ranges.order_id = line_ranges.order_id
        and unnamed_ranges.product_id = line_ranges.product_id

),

allocated as (

    select * from named_units
    union all
    select * from unnamed_units

),

final as (

    select
        return_id,
        order_item_id,
        units::bigint as units,
    from allocated
    where units > 0

)

select * from final
