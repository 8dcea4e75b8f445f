// What is watched. Each watch is one SQL over the marts giving daily counts; to add one, add an entry (README.md says what the columns mean).

/** What a watch waits for: exports end on different days. */
export type Awaited = "returns" | "tickets";

export interface Watch {
  readonly name: string;
  /** What one counted event is, for texts: `returned_units`, `product_complaints`. */
  readonly unit: string;
  readonly direction: "up";
  /** The export that must have come before a day without events means anything. */
  readonly awaits: Awaited;
  /**
   * Rows (source_system, product_id, reason, reason_group, event_date DATE, buyer, units, lag_days): one per event row in the marts.
   * `buyer` = whoever caused it, so that one of them can't make an anomaly; `lag_days` = days since delivery, null if unknown.
   */
  readonly eventsSql: string;
  /** Rows (product_id, event_date DATE, units): what the events are relative to. */
  readonly exposureSql: string;
  /** Most units one buyer contributes to a series within 28 days: a single bulk return is no defect pattern. */
  readonly unitsPerBuyer: number;
  /** Series with fewer events in the whole record are not judged: no method finds anything in them. */
  readonly minimumEvents: number;
}

/** Units delivered: `delivered_units` is 0 for cancelled and undelivered lines. */
const DELIVERED_UNITS_SQL = `
select
    order_items.product_id,
    order_items.delivered_date as event_date,
    order_items.delivered_units as units
from main.order_items as order_items
where order_items.delivered_date is not null and order_items.delivered_units > 0`;

export const WATCHES: readonly Watch[] = [
  {
    name: "returns",
    unit: "returned_units",
    direction: "up",
    awaits: "returns",
    eventsSql: `
select
    returns.source_system,
    returns.product_id,
    returns.reason,
    returns.reason_group,
    cast(returns.returned_at_local as date) as event_date,
    coalesce(returns.customer_id, returns.order_id, returns.return_id) as buyer,
    returns.quantity as units,
    cast(returns.returned_at_local as date) - returns.delivered_date as lag_days
from main.returns as returns
where returns.is_completed and returns.returned_at_local is not null and returns.product_id <> 'unknown'`,
    exposureSql: DELIVERED_UNITS_SQL,
    unitsPerBuyer: 3,
    minimumEvents: 12,
  },
  {
    name: "product_complaints",
    unit: "product_complaints",
    direction: "up",
    awaits: "tickets",
    eventsSql: `
with delivered as (
    select
        order_items.order_id,
        order_items.product_id,
        min(order_items.delivered_date) as delivered_date,
    from main.order_items as order_items
    group by all
)

select
    tickets.source_system,
    tickets.product_id,
    tickets.reason,
    tickets.reason_group,
    cast(tickets.created_at_local as date) as event_date,
    coalesce(tickets.customer_id, tickets.order_id, tickets.ticket_id) as buyer,
    1 as units,
    cast(tickets.created_at_local as date) - delivered.delivered_date as lag_days
from main.tickets as tickets
left join delivered
    on tickets.order_id = delivered.order_id
    and tickets.product_id = delivered.product_id
where tickets.is_product_complaint and tickets.product_id <> 'unknown'`,
    exposureSql: DELIVERED_UNITS_SQL,
    unitsPerBuyer: 2,
    minimumEvents: 12,
  },
];
