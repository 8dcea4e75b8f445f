// Rows of staging for tests: what matters is given, the rest is a plain order from Germany.
import type { Row } from "../testing/model-world.ts";

export const order = (order_id: string, ordered_at: string, more: Row = {}): Row => ({
  order_id,
  ordered_at,
  customer_ref: "ann",
  market: "DE",
  currency: "USD",
  total_amount: 50,
  ...more,
});
export const line = (
  order_item_id: string,
  order_id: string,
  product_id: string,
  quantity = 1,
  more: Row = {},
): Row => ({
  order_item_id,
  order_id,
  product_id,
  quantity,
  unit_price: 50,
  ...more,
});
export const back = (return_id: string, returned_at: string, more: Row = {}): Row => ({
  return_id,
  returned_at,
  ...more,
});
export const parcel = (shipment_id: string, order_id: string | null, more: Row = {}): Row => ({
  shipment_id,
  order_id,
  carrier: "DHL",
  origin_country: "CN",
  destination_country: "DE",
  ...more,
});
export const scan = (carrier_event_id: string, shipment_id: string, occurred_at: string, state_raw: string): Row => ({
  carrier_event_id,
  shipment_id,
  occurred_at,
  state_raw,
});
export const delivered = (delivered_at: string): Row => ({ delivered_at, delivered_date: delivered_at.slice(0, 10) });
