// Every view's oracle by the name of the view.
import { anomaly_days } from "./anomaly-days.ts";
import { anomaly_report } from "./anomaly-report.ts";
import { carrier_scans } from "./carrier-scans.ts";
import { deliveries } from "./deliveries.ts";
import { logistics } from "./logistics.ts";
import { product_catalog } from "./product-catalog.ts";
import { product_returns } from "./product-returns.ts";
import { sales } from "./sales.ts";
import { satisfaction } from "./satisfaction.ts";
import { service } from "./service.ts";
import type { Oracle } from "./oracle.ts";

export const ORACLES: Readonly<Record<string, Oracle>> = {
  anomaly_days,
  anomaly_report,
  carrier_scans,
  deliveries,
  logistics,
  product_catalog,
  product_returns,
  sales,
  satisfaction,
  service,
};
