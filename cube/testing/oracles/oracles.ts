// Every view's oracle by the name of the view.
import { agent_scorecard } from "./agent-scorecard.ts";
import { anomaly_days } from "./anomaly-days.ts";
import { anomaly_report } from "./anomaly-report.ts";
import { carrier_scans } from "./carrier-scans.ts";
import { customer_value } from "./customer-value.ts";
import { delivered_orders } from "./delivered-orders.ts";
import { deliveries } from "./deliveries.ts";
import { goods_flow } from "./goods-flow.ts";
import { lane_times } from "./lane-times.ts";
import { logistics } from "./logistics.ts";
import { product_catalog } from "./product-catalog.ts";
import { product_returns } from "./product-returns.ts";
import { repurchase } from "./repurchase.ts";
import { sales } from "./sales.ts";
import { satisfaction } from "./satisfaction.ts";
import { service_backlog } from "./service-backlog.ts";
import { service } from "./service.ts";
import { shipping } from "./shipping.ts";
import { transit } from "./transit.ts";
import { under_way } from "./under-way.ts";
import type { Oracle } from "./oracle.ts";

export const ORACLES: Readonly<Record<string, Oracle>> = {
  agent_scorecard,
  anomaly_days,
  anomaly_report,
  carrier_scans,
  customer_value,
  delivered_orders,
  deliveries,
  goods_flow,
  lane_times,
  logistics,
  product_catalog,
  product_returns,
  repurchase,
  sales,
  satisfaction,
  service,
  service_backlog,
  shipping,
  transit,
  under_way,
};
