// All of the demo's systems at once: each event goes to the exports that would hold it.
import { afterOutage, type Scenario } from "../episodes.ts";
import type { Exports } from "../simulate/simulate.ts";
import type { Counts } from "../truth.ts";
import { AftershipWriter } from "./aftership.ts";
import { AmazonOrdersWriter } from "./amazon-orders.ts";
import { FbaReturnsWriter } from "./amazon-fba-returns.ts";
import { ShopReturnsWriter } from "./shop-returns.ts";
import { ShopifyWriter } from "./shopify.ts";
import { SurveysWriter } from "./surveys.ts";
import { ZendeskWriter } from "./zendesk.ts";

/** Files a person would still open; a large demo has more of them, not larger ones. */
const ROWS_PER_FILE = 25_000;
const TRACKINGS_PER_PAGE = 2_000;

export interface ExportPlan {
  readonly startMs: number;
  readonly endMs: number;
  readonly scenario: Scenario;
}

export interface OpenExports extends Exports {
  close(): Omit<Counts, "products">;
}

export function openExports(folder: string, plan: ExportPlan): OpenExports {
  const { startMs, endMs, scenario } = plan;
  const shopify = new ShopifyWriter(folder, endMs, ROWS_PER_FILE);
  const amazon = new AmazonOrdersWriter(folder, endMs, ROWS_PER_FILE);
  const fba = new FbaReturnsWriter(folder, startMs, endMs, (ms) => afterOutage(scenario, "outage_fba", ms));
  const rma = new ShopReturnsWriter(folder, endMs, ROWS_PER_FILE);
  const aftership = new AftershipWriter(folder, endMs, TRACKINGS_PER_PAGE);
  const zendesk = new ZendeskWriter(folder, startMs, endMs);
  const surveys = new SurveysWriter(folder, endMs, ROWS_PER_FILE);
  return {
    order(order, returns) {
      if (order.channel === "amazon") return amazon.write(order);
      shopify.write(order, returns);
      aftership.write(order);
      for (const each of returns) rma.request(each);
    },
    returned(each) {
      if (each.order.channel === "amazon") fba.add(each);
      else rma.settle(each);
    },
    ticket: (ticket) => zendesk.add(ticket),
    survey: (survey) => surveys.add(survey),
    endOfDay(dayMs) {
      fba.endOfDay(dayMs);
      zendesk.endOfDay(dayMs);
    },
    close() {
      for (const writer of [shopify, amazon, rma, aftership, surveys]) writer.close();
      return {
        shopify_orders: shopify.orders,
        shopify_order_lines: shopify.lines,
        amazon_orders: amazon.orders,
        amazon_order_lines: amazon.lines,
        zendesk_tickets: zendesk.tickets,
        zendesk_ticket_rows: zendesk.rows,
        zendesk_rating_rows: zendesk.ratings,
        fba_returned_units: fba.units,
        fba_return_rows: fba.rows,
        shop_returns_settled: rma.settled,
        shop_return_rows: rma.rows,
        aftership_trackings: aftership.trackings,
        aftership_checkpoints: aftership.checkpoints,
        survey_rows: surveys.rows,
      };
    },
  };
}
