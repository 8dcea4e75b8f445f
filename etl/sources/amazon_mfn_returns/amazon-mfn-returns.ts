// Amazon's report of returns to the seller's own address (GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE): tab-separated, one row a
// returned item, a quote is a literal character, empty cells may hold a space.
import { noDataFeed } from "../no-data.ts";
import type { DelimitedFeed, Source } from "../source.ts";

const RETURNS: DelimitedFeed = {
  kind: "delimited",
  name: "returns",
  extensions: [".tsv", ".txt", ".csv"],
  delimiter: "\t",
  quote: null,
  columns: [
    { name: "order_id", headers: ["Order ID", "amazon-order-id"], required: true },
    { name: "return_request_date", headers: ["Return request date"], required: true },
    { name: "return_request_status", headers: ["Return request status"] },
    { name: "amazon_rma_id", headers: ["Amazon RMA ID"] },
    { name: "label_cost", headers: ["Label cost"] },
    { name: "label_to_be_paid_by", headers: ["Label to be paid by"] },
    { name: "currency_code", headers: ["Currency code"] },
    { name: "merchant_sku", headers: ["Merchant SKU", "sku"], required: true },
    { name: "item_name", headers: ["Item Name"] },
    { name: "return_quantity", headers: ["Return quantity"], required: true },
    { name: "return_reason", headers: ["Return Reason", "Return reason code"], required: true },
    { name: "resolution", headers: ["Resolution"] },
    { name: "safet_claim_reimbursement_amount", headers: ["SafeT claim reimbursement amount"] },
    { name: "return_delivery_date", headers: ["Return delivery date"] },
    { name: "refunded_amount", headers: ["Refunded Amount"] },
  ],
};

export const amazonMfnReturns: Source = {
  system: "amazon_mfn_returns",
  title: "Amazon seller-fulfilled returns",
  feeds: [RETURNS, noDataFeed(RETURNS)],
  entities: ["returns", "products"],
};
