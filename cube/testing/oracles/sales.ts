import { type Oracle, customers, share } from "./oracle.ts";

export const sales: Oracle = {
  from: "orders",
  time: "ordered_at",
  timeColumn: "ordered_at_local",
  groups: ["sales_channel", "market"],
  measures: {
    orders: "count(*) - count(*) filter (is_cancelled)",
    paid_orders: "count(*) filter (is_paid)",
    cancelled_orders: "count(*) filter (is_cancelled)",
    units: "coalesce(sum(unit_count) filter (not is_cancelled), if(count(*) > 0, 0, null))",
    gross_sales: "sum(total_amount_reporting) filter (is_paid)",
    buyers: customers("is_paid"),
    known_buyer_share: share("not is_cancelled and customer_id is not null", "not is_cancelled"),
  },
};
