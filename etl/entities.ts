// The canonical entities every source is mapped to, and the one place that says what their fields are.
// In: a staging model's text columns of these names. Out (load into `staging.<entity>`): typed, de-duplicated rows.

/**
 * How the cast step reads a field's text and what it leaves in `staging.<entity>`:
 *
 * - `text`: trimmed text, empty → null.
 * - `code`: a word or code of the source; as `text`, but e-mail, phone, card and bank numbers that somebody typed there are masked.
 * - `identity`: e-mail, phone or account id of a person → keyed hash (32 hex characters); the clear value stays in raw.
 * - `free_text`: text with e-mail, phone, card and address-like parts masked.
 * - `country`: ISO 3166-1 alpha-2 in upper case; alpha-3 is converted.
 * - `currency`: ISO 4217 in upper case.
 * - `score`: an answer on the row's `scale`; `1-5`: a number from 1 to 5; `good_bad`: good or bad (`_with_comment` and such are taken
 *   off); `offered` and `unoffered` are no answer yet: null.
 * - `integer`, `decimal` (DECIMAL(18,4), dot as separator), `boolean` (true/false/1/0/yes/no/y/n).
 * - `time`: four columns: `<name>` (naive UTC TIMESTAMP), `<name>_local` (naive TIMESTAMP in the seller's reporting zone),
 *   `<name>_precision` (`instant`, `local` = zone assumed from the source's setting, `date`) and `<name>_date` (DATE): for
 *   `local` and `date` the calendar day as the source wrote it, the wall clock of the place; for `instant` the reporting
 *   zone's day. Whatever counts or compares days takes `<name>_date`.
 * - `date`: a calendar day (DATE) at the place it was promised or happened, no zone.
 */
export type FieldType =
  | "text"
  | "code"
  | "identity"
  | "free_text"
  | "score"
  | "country"
  | "currency"
  | "integer"
  | "decimal"
  | "boolean"
  | "time"
  | "date";

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** A row without it goes to quarantine with the reason `missing_required`. */
  readonly required?: boolean;
  /** Few sources have it: a staging model may leave it out, and it is null then. */
  readonly rare?: boolean;
  /**
   * Which version of a row decides on the field, where several tell it: the newest unless given; `first`: the oldest that tells it, for
   * what must not move; `last_known`: the newest that tells it, so that a version which is silent takes nothing away.
   */
  readonly keep?: "first" | "last_known";
  /** A mapping that fills none of these fields cannot tell: the field, unless it is mapped itself, is false. */
  readonly toldBy?: readonly string[];
  readonly description: string;
}

export interface Entity {
  readonly name: EntityName;
  /** SQL over the fields: what a person wrote. Its language and reason stand in `text_language` and `text_reason` (etl/tagging). */
  readonly writtenText?: string;
  /** SQL over the fields: the text's language where the source tells it. */
  readonly writtenLanguage?: string;
  /** Together with `source_system` identifies a row; the newest `updated_at`, then the latest file and row, wins. */
  readonly key: string;
  readonly fields: readonly Field[];
}

export type EntityName =
  | "products"
  | "customers"
  | "orders"
  | "order_items"
  | "order_parts"
  | "shipments"
  | "carrier_events"
  | "tickets"
  | "ticket_metrics"
  | "ticket_messages"
  | "agents"
  | "agent_groups"
  | "returns"
  | "survey_responses";

const f = (name: string, type: FieldType, description: string): Field => ({ name, type, description });
const must = (name: string, type: FieldType, description: string): Field => ({
  name,
  type,
  description,
  required: true,
});

const rare = (name: string, type: FieldType, description: string): Field => ({ name, type, description, rare: true });

const kept = (name: string, type: FieldType, keep: "first" | "last_known", description: string): Field => ({
  name,
  type,
  description,
  keep,
});

const UPDATED_AT = f("updated_at", "time", "Last change in the source; decides between two versions of one row");

export const ENTITIES: readonly Entity[] = [
  {
    name: "products",
    key: "product_id",
    fields: [
      must("product_id", "text", "The seller's SKU, the key all sources share"),
      f("product_name", "text", "Listing title"),
      f("category", "text", "Category in the seller's own words"),
      f("brand", "text", "Brand"),
      f("supplier", "text", "Supplier or factory"),
      f("unit_cost", "decimal", "Landed cost of one unit in `currency`"),
      f("currency", "currency", "Currency of unit_cost"),
      UPDATED_AT,
    ],
  },
  {
    name: "customers",
    key: "customer_ref",
    fields: [
      must("customer_ref", "identity", "The identity that orders, tickets and returns of this source carry"),
      f("person_ref", "identity", "The person behind it where a source gives one person several identities"),
      f("country", "country", "Country of residence"),
      rare("language", "text", "ISO 639-1 code of the language they write in"),
      UPDATED_AT,
    ],
  },
  {
    name: "orders",
    key: "order_id",
    fields: [
      must("order_id", "text", "Order number as customers, carriers and agents quote it"),
      must("ordered_at", "time", "When the customer placed the order"),
      f("sales_channel", "code", "Where it was sold: own_shop, amazon, marketplace, ..."),
      f("status", "code", "Status in the source's words"),
      f("customer_ref", "identity", "Buyer; null where the source names none (Amazon)"),
      f("market", "country", "Destination country"),
      f("currency", "currency", "Currency of the amounts"),
      f("total_amount", "decimal", "What the customer paid for the order, taxes and shipping included"),
      f("refunded_amount", "decimal", "Refunded so far"),
      f("is_exchange", "boolean", "Sent in place of a returned item, not bought"),
      f("paid_at", "time", "Payment"),
      f("cancelled_at", "time", "Cancellation"),
      f("shipped_at", "time", "Hand-over to the carrier, where the order export tells"),
      f("delivered_at", "time", "Delivery, where the order export tells; shipments win over it"),
      f("promised_delivery_date", "date", "Day promised at purchase, where the order export tells"),
      UPDATED_AT,
    ],
  },
  {
    name: "order_items",
    key: "order_item_id",
    fields: [
      must("order_item_id", "text", "Order line"),
      must("order_id", "text", "Its order"),
      must("product_id", "text", "SKU"),
      must("quantity", "integer", "Units ordered"),
      f("product_name", "text", "Title on the order line"),
      f("variant", "text", "Size, colour or other variant"),
      f("brand", "text", "Vendor or brand on the order line"),
      f("lot", "text", "Batch or lot"),
      f("warehouse", "text", "Warehouse it left from"),
      f("unit_price", "decimal", "Price of one unit"),
      f("discount_amount", "decimal", "Discount on the line"),
      f("currency", "currency", "Currency of the amounts; the order's where missing"),
      rare("line_number", "integer", "Place in the order as its file holds it, where lines have no ids of their own"),
      rare("line_count", "integer", "Lines of the order in that file; a newer file with fewer takes the others away"),
      rare("part_id", "text", "Part it belongs to, where the file may hold only a part of the order"),
      UPDATED_AT,
    ],
  },
  {
    // Made by exports that are cut into files anywhere: the first and the last order of a file.
    name: "order_parts",
    key: "part_id",
    fields: [
      must("part_id", "text", "The order as one file holds it"),
      must("order_id", "text", "Its order"),
      must("is_continued", "boolean", "Lines only: the order itself stands in another file"),
      must("is_at_file_end", "boolean", "Its last line is the file's: the next file may go on with it"),
      must("line_count", "integer", "Lines in this file"),
      f("lots", "text", "Lots of the order by SKU, a JSON object"),
      UPDATED_AT,
    ],
  },
  {
    name: "shipments",
    key: "shipment_id",
    fields: [
      must("shipment_id", "text", "Shipment or tracking record"),
      kept("order_id", "text", "last_known", "Order it carries"),
      f("carrier", "text", "Carrier"),
      f("tracking_number", "text", "Tracking number"),
      f("origin_country", "country", "From"),
      f("destination_country", "country", "To"),
      f("warehouse", "text", "Warehouse it left from"),
      f("status_raw", "code", "Status in the carrier's or tracker's words"),
      f("is_return_leg", "boolean", "A parcel on its way back"),
      kept("shipped_at", "time", "last_known", "Pick-up by the carrier"),
      f("first_attempted_at", "time", "First delivery attempt, successful or not"),
      f("delivered_at", "time", "Delivery"),
      f("delivered_date", "date", "Day of delivery at the destination"),
      f("first_attempted_date", "date", "Day of the first delivery attempt at the destination"),
      kept("promised_delivery_date", "date", "first", "Original promise or first estimate, day at the destination"),
      kept("estimated_delivery_date", "date", "last_known", "Current estimate, day at the destination"),
      UPDATED_AT,
    ],
  },
  {
    name: "carrier_events",
    key: "carrier_event_id",
    fields: [
      must("carrier_event_id", "text", "Scan; a hash of shipment, time and text where the source gives no id"),
      must("shipment_id", "text", "Its shipment"),
      must("occurred_at", "time", "When it happened"),
      f("state_raw", "code", "Tag, sub-tag or code of the source (mapped to an event state by the taxonomy)"),
      f("message", "free_text", "Carrier's text"),
      f("location", "free_text", "Place"),
      f("country", "country", "Country of the place"),
      rare("occurred_date", "date", "Day at the place, where the time alone does not tell it"),
    ],
  },
  {
    name: "tickets",
    key: "ticket_id",
    writtenText: "concat_ws(chr(10), subject, body)",
    writtenLanguage: "language",
    fields: [
      must("ticket_id", "text", "Ticket"),
      must("created_at", "time", "Opened"),
      f("order_id", "text", "Order it is about"),
      f("product_id", "text", "SKU it is about"),
      f("customer_ref", "identity", "Requester"),
      rare(
        "person_ref",
        "identity",
        "Address of the requester, where customer_ref is no address and the ticket tells it",
      ),
      f("channel", "code", "email, chat, amazon, phone, ... as in the source"),
      f("language", "text", "ISO 639-1 code"),
      f("market", "country", "Customer's country"),
      f(
        "status",
        "code",
        "new, open, pending, hold, solved or closed; solved and closed count as solved, deleted and merged are left out",
      ),
      f("priority", "text", "low, normal, high, urgent"),
      f("reason_raw", "code", "Contact reason in the source's words (mapped by the taxonomy)"),
      f("subject", "free_text", "Subject"),
      f("body", "free_text", "First message"),
      f("agent_id", "identity", "Assignee, an identity as agent_ref"),
      rare("agent_name", "text", "Assignee's name; published only where the settings show agents' names"),
      f("agent_group", "text", "Team"),
      rare("agent_group_id", "text", "Its id in agent_groups, whose name wins"),
      f("is_agent_initiated", "boolean", "Opened by the seller, not the customer"),
      rare("submitter_ref", "identity", "Who opened it instead of the requester; if that is a customer, no agent did"),
      f("first_replied_at", "time", "First public reply by a human agent"),
      f("first_reply_minutes_reported", "integer", "Calendar minutes to first reply as the source reports them"),
      rare("first_reply_business_minutes_reported", "integer", "The same in business minutes of the source's schedule"),
      f("first_solved_at", "time", "Solved for the first time"),
      f("solved_at", "time", "Solved for the last time"),
      f("agent_replies", "integer", "Public replies by agents"),
      rare(
        "bot_replies",
        "integer",
        "Public replies by bots, which are no agents; rules and automatic notices are neither",
      ),
      f("reopens", "integer", "Times reopened"),
      {
        ...rare(
          "is_reply_known",
          "boolean",
          "False where the record cannot tell when an agent replied, or that none did; true unless told",
        ),
        toldBy: ["first_replied_at", "first_reply_minutes_reported"],
      },
      UPDATED_AT,
    ],
  },
  {
    // What a desk exports beside its tickets; the ticket's own fields win over it.
    name: "ticket_metrics",
    key: "ticket_id",
    fields: [
      must("ticket_id", "text", "Ticket"),
      f("first_reply_seconds", "decimal", "Opened to first public reply, calendar time"),
      rare("first_reply_business_minutes", "integer", "Opened to first public reply, minutes of the desk's schedule"),
      f("first_solution_seconds", "decimal", "Opened to solved for the first time, calendar time"),
      f("solved_at", "time", "Solved for the last time"),
      f("agent_replies", "integer", "Public replies by agents"),
      f("reopens", "integer", "Times reopened"),
      UPDATED_AT,
    ],
  },
  {
    name: "ticket_messages",
    key: "message_id",
    fields: [
      must("message_id", "text", "Public message of a person or a bot; those of rules are left out"),
      must("ticket_id", "text", "Its ticket"),
      must("written_at", "time", "When it was written"),
      must("author_ref", "identity", "Who wrote it, an identity as customer_ref"),
      f(
        "is_from_agent",
        "boolean",
        "What the message says of its author; the lists of agents and customers win over it",
      ),
      rare("is_from_bot", "boolean", "Written by a bot: no reply of an agent, whoever is named as its author"),
    ],
  },
  {
    name: "agents",
    key: "agent_ref",
    fields: [
      must("agent_ref", "identity", "Somebody who works for the seller, an identity as customer_ref"),
      f("role", "code", "Role in the source's words"),
      rare("agent_name", "text", "Name; published only where the settings show agents' names"),
      UPDATED_AT,
    ],
  },
  {
    name: "agent_groups",
    key: "agent_group_id",
    fields: [must("agent_group_id", "text", "Team's id"), must("group_name", "text", "Team's name"), UPDATED_AT],
  },
  {
    name: "returns",
    key: "return_id",
    writtenText: "comment",
    fields: [
      must("return_id", "text", "Return line; a hash of its natural key where the source gives no id"),
      must("returned_at", "time", "When the return counts: goods received, else closed, else registered"),
      f("order_id", "text", "Order"),
      f("order_item_id", "text", "Order line"),
      f("product_id", "text", "SKU"),
      f("quantity", "integer", "Units, positive; 1 where missing"),
      f("lot", "text", "Batch or lot, where the one who received it noted it; the order line's else"),
      f("reason_raw", "code", "Reason in the source's words (mapped by the taxonomy)"),
      f("comment", "free_text", "Customer's words"),
      f("status", "code", "Status in the source's words"),
      f("disposition", "code", "Condition on receipt"),
      f("resolution", "code", "What the customer got, in the source's words (mapped by the taxonomy)"),
      f("refund_amount", "decimal", "Refunded, positive"),
      f("currency", "currency", "Currency of refund_amount"),
      f("customer_ref", "identity", "Buyer"),
      f("market", "country", "Customer's country"),
      f("sales_channel", "code", "Where it was sold"),
      f("warehouse", "text", "Where it was received"),
      f("requested_at", "time", "Asked for"),
      f("refunded_at", "time", "Money sent"),
      rare("approved_at", "time", "The seller agreed to it"),
      rare("received_at", "time", "Goods received, where the source tells it apart from being closed"),
      rare(
        "has_refund_dates",
        "boolean",
        "The source tells when it refunds: without refunded_at no money was sent yet",
      ),
      rare("returned_value", "decimal", "What the returned goods were sold for; the order line's amount where missing"),
      rare(
        "case_line_count",
        "integer",
        "Lines of the same return case, which share parcel and label; 1 where missing",
      ),
      rare("label_cost", "decimal", "This line's share of the return label"),
      rare("label_paid_by", "code", "seller, customer, marketplace or carrier; the seller where missing"),
      rare("handling_cost", "decimal", "Inspecting and restocking"),
      rare("outbound_cost", "decimal", "Sending the replacement"),
      rare("duty_loss", "decimal", "Duties and taxes that nobody pays back"),
      rare("recovered_amount", "decimal", "What the goods that came back are worth still"),
      rare(
        "customer_contribution",
        "decimal",
        "Fees the customer paid for it and that refund_amount does not hold already",
      ),
      rare("carrier_claim", "decimal", "What carrier or insurance paid"),
      UPDATED_AT,
    ],
  },
  {
    name: "survey_responses",
    key: "survey_response_id",
    writtenText: "comment",
    fields: [
      must("survey_response_id", "text", "Survey or review"),
      f("ticket_id", "text", "Ticket it rates"),
      f("order_id", "text", "Order it rates"),
      f("product_id", "text", "SKU it rates"),
      f("customer_ref", "identity", "Who answered"),
      rare("agent_id", "identity", "Whom the ticket was assigned to when it was rated, an identity as agent_ref"),
      f("survey_dimension", "text", "overall (default), order_handling, product_quality, after_sales"),
      must("scale", "text", "`good_bad` or `1-5`"),
      f("score", "score", "Answer on that scale; null while only offered"),
      f("comment", "free_text", "Words beside the score"),
      f("market", "country", "Customer's country"),
      f("channel", "code", "Channel of the survey"),
      must("sent_at", "time", "Offered"),
      f("responded_at", "time", "Answered"),
      rare("survey_key", "text", "Survey that several records tell of: an answer wins over the offer, then the newest"),
      rare("is_dated", "boolean", "Its times are the survey's own, where another record of the survey has stand-ins"),
      UPDATED_AT,
    ],
  },
];

/** @throws TypeError when there is no such entity. */
export function entity(name: string): Entity {
  const found = ENTITIES.find((candidate) => candidate.name === name);
  if (!found) {
    throw new TypeError(`No entity "${name}"; known: ${ENTITIES.map((known) => known.name).join(", ")}`);
  }
  return found;
}
