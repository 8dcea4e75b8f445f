// The models in build order. A name is a file: intermediate/<name>.sql, marts/<name>.sql with marts/<name>.yml.

export interface Reference {
  /** Loaded as `staging.<table>`, every column VARCHAR. */
  readonly table: string;
  /** Path below etl/. */
  readonly file: string;
}

export interface Model {
  readonly name: string;
  /** `intermediate`: built as `staging.<name>`, never published; `marts`: built as `main.<name>` and published. */
  readonly folder: "intermediate" | "marts";
  /** Not put into the order of time: rows that pages look up by parcel, and too many to sort for nothing. */
  readonly isUnordered?: boolean;
}

const step = (name: string): Model => ({ name, folder: "intermediate" });
const mart = (name: string): Model => ({ name, folder: "marts" });

/** What the seller's words mean; read by staging models and by the intermediate ones. */
export const REFERENCES: readonly Reference[] = [
  { table: "reasons", file: "taxonomy/reasons.csv" },
  { table: "reason_map", file: "taxonomy/reason_map.csv" },
  { table: "resolution_map", file: "taxonomy/resolution_map.csv" },
  { table: "event_state_map", file: "taxonomy/event_state_map.csv" },
  { table: "delay_cause_map", file: "taxonomy/delay_cause_map.csv" },
  { table: "channel_map", file: "taxonomy/channel_map.csv" },
  { table: "ticket_status_map", file: "taxonomy/ticket_status_map.csv" },
  { table: "zendesk_custom_fields", file: "taxonomy/zendesk_custom_fields.csv" },
  { table: "place_time_zones", file: "sources/easypost/place-time-zones.csv" },
  { table: "country_names", file: "sources/aftership/country-names.csv" },
  { table: "freshdesk_survey_words", file: "sources/freshdesk/survey-words.csv" },
];

/** Read all rows and give few: what a seller's words mean, how current each source is. */
export const DICTIONARIES: readonly Model[] = [
  step("int_reasons"),
  step("int_resolutions"),
  step("int_event_states"),
  step("int_channels"),
  mart("source_freshness"),
  mart("unmapped_values"),
];

/**
 * A row of these follows from rows tied to it by order, person, parcel or ticket (etl/store/links.ts) and from dictionaries, so that they
 * can be built of the part of the shop that news touches.
 */
export const LINKED: readonly Model[] = [
  step("int_order_items"),
  step("int_survey_responses"),
  step("int_ids"),
  step("int_orders"),
  step("int_parcel_scans"),
  step("int_shipments"),
  step("int_order_deliveries"),
  step("int_order_lines"),
  step("int_returns"),
  step("int_return_allocations"),
  step("int_return_lines"),
  step("int_return_costs"),
  step("int_first_replies"),
  step("int_tickets"),
  step("int_ticket_cases"),
  mart("shipments"),
  { ...mart("carrier_events"), isUnordered: true },
  mart("tickets"),
  mart("returns"),
  mart("orders"),
  mart("order_items"),
  mart("survey_responses"),
  mart("agent_cases"),
  mart("customers"),
  mart("repurchase_occasions"),
];

/** Read whole marts. */
export const SUMMARIES: readonly Model[] = [
  mart("products"),
  mart("service_days"),
  mart("agents"),
  mart("product_days"),
  mart("lanes"),
  mart("open_shipments"),
];

/** All of them in build order. */
export const MODELS: readonly Model[] = [...DICTIONARIES, ...LINKED, ...SUMMARIES];

export const MARTS: readonly Model[] = MODELS.filter((model) => model.folder === "marts");

/** Built by detection/ and published: a .yml each, no .sql. */
export const DETECTED: readonly Model[] = [mart("anomaly_series"), mart("anomaly_points"), mart("anomalies")];
