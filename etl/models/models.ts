// The models in build order. A name is a file: intermediate/<name>.sql, marts/<name>.sql with marts/<name>.yml.

export interface Reference {
  /** Loaded as `staging.<table>`, every column VARCHAR. */
  readonly table: string;
  /** Path below etl/. */
  readonly file: string;
}

export interface Model {
  readonly name: string;
}

/** What the seller's words mean; read by staging models and by the intermediate ones. */
export const REFERENCES: readonly Reference[] = [
  { table: "reasons", file: "taxonomy/reasons.csv" },
  { table: "reason_map", file: "taxonomy/reason_map.csv" },
  { table: "event_state_map", file: "taxonomy/event_state_map.csv" },
  { table: "channel_map", file: "taxonomy/channel_map.csv" },
  { table: "ticket_status_map", file: "taxonomy/ticket_status_map.csv" },
  { table: "zendesk_custom_fields", file: "taxonomy/zendesk_custom_fields.csv" },
];

/** Built as `staging.<name>`: steps several marts share. Never published. */
export const INTERMEDIATE: readonly Model[] = [
  { name: "int_ids" },
  { name: "int_reasons" },
  { name: "int_event_states" },
  { name: "int_channels" },
  { name: "int_orders" },
  { name: "int_shipments" },
  { name: "int_order_deliveries" },
  { name: "int_order_lines" },
  { name: "int_returns" },
  { name: "int_return_allocations" },
  { name: "int_return_lines" },
];

/** Built as `main.<name>` and published. */
export const MARTS: readonly Model[] = [
  { name: "orders" },
  { name: "shipments" },
  { name: "carrier_events" },
  { name: "tickets" },
  { name: "returns" },
  { name: "order_items" },
  { name: "survey_responses" },
  { name: "customers" },
  { name: "products" },
  { name: "source_freshness" },
  { name: "unmapped_values" },
];

/** Built by detection/ and published: a .yml each, no .sql. */
export const DETECTED: readonly Model[] = [
  { name: "anomaly_series" },
  { name: "anomaly_points" },
  { name: "anomalies" },
];
