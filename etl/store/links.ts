// What ties rows of different entities together. Rows that share a link are built into marts together, or the result is wrong.
import type { EntityName } from "../entities.ts";

/** What a link names; `own:<entity>` is the row's own id. */
export type LinkKind = "order" | "order_item" | "person" | "shipment" | "ticket" | `own:${EntityName}`;

export interface Link {
  readonly kind: LinkKind;
  /** SQL over the entity's columns; null where the row names none. */
  readonly sql: string;
}

/** Customers and carriers write #1001 and 1001 for one order. */
export const ORDER: Link = { kind: "order", sql: "ltrim(order_id, '#')" };
const PERSON: Link = { kind: "person", sql: "customer_ref" };
export const TICKET: Link = { kind: "ticket", sql: "ticket_id" };
export const SHIPMENT: Link = { kind: "shipment", sql: "shipment_id" };
export const RETURN: Link = { kind: "own:returns", sql: "return_id" };
/** Several records may tell of one survey. */
export const SURVEY: Link = { kind: "own:survey_responses", sql: "coalesce(survey_key, survey_response_id)" };
const ORDER_ITEM: Link = { kind: "order_item", sql: "order_item_id" };

/** Somebody who is a customer: through an agent all tickets would hang together. */
const customer = (column: string): Link => ({
  kind: "person",
  sql: `case when ${column} in (select customer_ref from store.main.customers) then ${column} end`,
});

/** The first link of a row is never null. An empty list: a list of the seller's, always taken whole. */
export const LINKS: Readonly<Record<EntityName, readonly Link[]>> = {
  products: [],
  customers: [PERSON, { kind: "person", sql: "person_ref" }],
  orders: [ORDER, PERSON],
  order_items: [ORDER, ORDER_ITEM],
  order_parts: [ORDER],
  shipments: [SHIPMENT, ORDER],
  carrier_events: [SHIPMENT],
  tickets: [TICKET, ORDER, PERSON, { kind: "person", sql: "person_ref" }, customer("submitter_ref")],
  ticket_metrics: [TICKET],
  ticket_messages: [TICKET, customer("author_ref")],
  agents: [],
  agent_groups: [],
  returns: [RETURN, ORDER, ORDER_ITEM, PERSON],
  survey_responses: [SURVEY, TICKET, ORDER, PERSON],
};
