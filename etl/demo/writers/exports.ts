// All of the demo's systems at once: each event goes to the exports that would hold it.
import { afterOutage, type Scenario } from "../episodes.ts";
import { Random, STREAM } from "../random.ts";
import type { Exports } from "../simulate/simulate.ts";
import type { Counts } from "../truth.ts";
import { AftershipWriter } from "./aftership.ts";
import { AmazonOrdersWriter } from "./amazon-orders.ts";
import { FbaReturnsWriter } from "./amazon-fba-returns.ts";
import { isAmazonNews, isShopifyNews, isSurveyNews, type Extent } from "./changes.ts";
import { ShopReturnsWriter } from "./shop-returns.ts";
import { ShopifyWriter } from "./shopify.ts";
import { SurveysWriter } from "./surveys.ts";
import { ZendeskWriter } from "./zendesk.ts";

/** Files a person would still open; a large demo has more of them, not larger ones. */
const ROWS_PER_FILE = 25_000;
const TRACKINGS_PER_PAGE = 2_000;

export interface ExportPlan extends Extent {
  readonly startMs: number;
  readonly scenario: Scenario;
  readonly scanShare: number;
}

export type ExportCounts = Omit<Counts, "products">;

export interface OpenExports extends Exports {
  close(): ExportCounts;
}

export function openExports(folder: string, plan: ExportPlan): OpenExports {
  const { startMs, scenario, scanShare } = plan;
  const shopify = new ShopifyWriter(folder, plan, ROWS_PER_FILE);
  const amazon = new AmazonOrdersWriter(folder, plan, ROWS_PER_FILE);
  const fba = new FbaReturnsWriter(folder, startMs, plan, (ms) => afterOutage(scenario, "outage_fba", ms));
  const rma = new ShopReturnsWriter(folder, plan, ROWS_PER_FILE);
  const aftership = new AftershipWriter(folder, plan, { perPage: TRACKINGS_PER_PAGE, scanShare });
  const zendesk = new ZendeskWriter(folder, startMs, plan);
  const surveys = new SurveysWriter(folder, plan, ROWS_PER_FILE);
  return {
    order(order, returns) {
      if (order.channel === "amazon") {
        if (isAmazonNews(plan, order)) amazon.write(order);
        return;
      }
      if (isShopifyNews(plan, order, returns)) shopify.write(order, returns);
      aftership.write(order);
      for (const each of returns) rma.request(each);
    },
    returned(each) {
      if (each.order.channel === "amazon") fba.add(each);
      else rma.settle(each);
    },
    ticket: (ticket) => zendesk.add(ticket),
    survey(survey) {
      if (isSurveyNews(plan, survey)) surveys.add(survey);
    },
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

export interface SplitPlan extends Omit<ExportPlan, "sinceMs"> {
  /** Exports of the history end here; those of the news begin. */
  readonly cutMs: number;
  /** Share of the orders whose news the sample holds. */
  readonly sampleShare: number;
}

export interface SplitFolders {
  readonly history: string;
  readonly news: string;
  /** Part of the news, where somebody wants it. */
  readonly sample?: string | undefined;
}

export interface SplitExports extends Exports {
  close(): { readonly history: ExportCounts; readonly news: ExportCounts };
}

/** Exports as they were given up to a day, and what those of the days after it add, each in its own folder. */
export function openSplitExports(folders: SplitFolders, plan: SplitPlan): SplitExports {
  const { cutMs, sampleShare, ...whole } = plan;
  const history = openExports(folders.history, { ...whole, endMs: cutMs });
  const news = openExports(folders.news, { ...whole, sinceMs: cutMs });
  const sample = folders.sample === undefined ? null : openExports(folders.sample, { ...whole, sinceMs: cutMs });
  const isInSample = (key: number): boolean => new Random(key, STREAM.record, 60).chance(sampleShare);
  /** What comes after the cut the exports of the history cannot know; `key` decides whether it is in the sample. */
  const to = (ms: number, key: number | null, tell: (exports: Exports) => void): void => {
    if (ms < cutMs) tell(history);
    tell(news);
    if (sample && (key === null || isInSample(key))) tell(sample);
  };
  return {
    order: (order, returns) => to(order.orderedAt, order.key, (exports) => exports.order(order, returns)),
    returned: (each) => to(each.bookedAt, each.order.key, (exports) => exports.returned(each)),
    ticket: (ticket) => to(ticket.at, ticket.order?.key ?? ticket.key, (exports) => exports.ticket(ticket)),
    survey: (survey) => to(survey.sentAt, survey.order.key, (exports) => exports.survey(survey)),
    endOfDay: (dayMs) => to(dayMs, null, (exports) => exports.endOfDay(dayMs)),
    close() {
      sample?.close();
      return { history: history.close(), news: news.close() };
    },
  };
}
