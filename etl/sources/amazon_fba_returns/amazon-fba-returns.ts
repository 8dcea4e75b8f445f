// Amazon's report "FBA customer returns" (GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA): tab-separated, a quote is a literal character.
import { noDataFeed } from "../no-data.ts";
import type { DelimitedFeed, Source } from "../source.ts";

const RETURNS: DelimitedFeed = {
  kind: "delimited",
  name: "returns",
  extensions: [".tsv", ".txt", ".csv"],
  delimiter: "\t",
  quote: null,
  columns: [
    { name: "return_date", headers: ["return-date"], required: true },
    { name: "order_id", headers: ["order-id", "amazon-order-id"], required: true },
    { name: "sku", headers: ["sku", "merchant-sku"], required: true },
    { name: "asin", headers: ["asin"] },
    { name: "fnsku", headers: ["fnsku"] },
    { name: "product_name", headers: ["product-name"] },
    { name: "quantity", headers: ["quantity"], required: true },
    { name: "fulfillment_center_id", headers: ["fulfillment-center-id"] },
    { name: "detailed_disposition", headers: ["detailed-disposition"] },
    { name: "reason", headers: ["reason"], required: true },
    { name: "status", headers: ["status"] },
    { name: "license_plate_number", headers: ["license-plate-number"] },
    { name: "customer_comments", headers: ["customer-comments"] },
  ],
};

export const amazonFbaReturns: Source = {
  system: "amazon_fba_returns",
  title: "Amazon FBA customer returns",
  feeds: [RETURNS, noDataFeed(RETURNS)],
  entities: ["returns", "products"],
};
