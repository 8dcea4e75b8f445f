// truth.json: what was put into the demo on purpose, and how much of everything was written.
import path from "node:path";
import type { Product } from "./catalogue.ts";
import { badLotOf, type Scenario } from "./episodes.ts";
import { DAY_MS, isoDay } from "./zones.ts";
import { TextFile } from "./writers/output.ts";

export interface Counts {
  readonly shopify_orders: number;
  readonly shopify_order_lines: number;
  readonly amazon_orders: number;
  readonly amazon_order_lines: number;
  readonly zendesk_tickets: number;
  readonly zendesk_ticket_rows: number;
  readonly zendesk_rating_rows: number;
  readonly fba_returned_units: number;
  readonly fba_return_rows: number;
  readonly shop_returns_settled: number;
  readonly shop_return_rows: number;
  readonly aftership_trackings: number;
  readonly aftership_checkpoints: number;
  readonly survey_rows: number;
  readonly products: number;
}

export interface TruthEpisode {
  readonly id: string;
  readonly type: string;
  readonly product_ids: readonly string[];
  readonly market: string;
  readonly reason: string | null;
  readonly carrier: string | null;
  readonly lot: string | null;
  readonly team: string | null;
  /** First day on which affected goods are shipped, the listing is wrong, or replies are slow. */
  readonly onset: string;
  /** Last day; null: still going on. */
  readonly end: string | null;
  /** Returns above the usual that are booked before the demo's end, as a mean; null where returns don't tell. */
  readonly expected_excess: number | null;
  /** Those that were drawn. */
  readonly actual_excess: number | null;
  readonly note: string;
}

export interface Truth {
  readonly seed: number;
  readonly start: string;
  readonly end: string;
  /** Rows of the files beside it. */
  readonly counts: Counts;
  /** The exports that go on where those end: written into another folder, when asked for. */
  readonly news?: { readonly from: string; readonly counts: Omit<Counts, "products"> };
  readonly episodes: readonly TruthEpisode[];
  readonly decoys: readonly TruthEpisode[];
}

export class ExcessLedger {
  private readonly sums = new Map<string, { expected: number; actual: number }>();

  note(episodeId: string, expected: number, actual: number): void {
    const sum = this.sums.get(episodeId) ?? { expected: 0, actual: 0 };
    sum.expected += expected;
    sum.actual += actual;
    this.sums.set(episodeId, sum);
  }

  of(episodeId: string): { expected: number; actual: number } {
    return this.sums.get(episodeId) ?? { expected: 0, actual: 0 };
  }
}

const lastDay = (to: number | null): string | null => (to === null ? null : isoDay(to - DAY_MS));

export function describeEpisodes(
  scenario: Scenario,
  products: readonly Product[],
  ledger: ExcessLedger,
): TruthEpisode[] {
  const base = { product_ids: [], market: "all", reason: null, carrier: null, lot: null, team: null };
  const excess = (id: string) => ({
    expected_excess: Math.round(ledger.of(id).expected * 10) / 10,
    actual_excess: ledger.of(id).actual,
  });
  const none = { expected_excess: null, actual_excess: null };
  const time = (each: { id: string; from: number; to: number | null; note: string }) => ({
    onset: isoDay(each.from),
    end: lastDay(each.to),
    note: each.note,
  });
  const returns = scenario.returns.map((each) => {
    const product = products[each.product];
    const lot = each.type === "lot" && product ? badLotOf(each, product) : null;
    const product_ids = product ? [product.sku] : [];
    return {
      ...base,
      id: each.id,
      type: each.type,
      product_ids,
      reason: each.reason,
      lot,
      ...time(each),
      ...excess(each.id),
    };
  });
  const lanes = scenario.lanes.map((each) => {
    const { id, type, market, carrier } = each;
    return { ...base, id, type, market, carrier, reason: "late_delivery", ...time(each), ...excess(id) };
  });
  const backlogs = scenario.backlogs.map((each) => {
    return { ...base, id: each.id, type: each.type, team: each.team, ...time(each), ...none };
  });
  return [...returns, ...lanes, ...backlogs].sort((a, b) => (a.onset < b.onset ? -1 : 1));
}

export function describeDecoys(scenario: Scenario, products: readonly Product[]): TruthEpisode[] {
  return scenario.decoys.map((each) => {
    const product = each.product === null ? undefined : products[each.product];
    return {
      id: each.id,
      type: each.type,
      product_ids: product ? [product.sku] : [],
      market: "all",
      reason: each.type === "bulk_return" ? "changed_mind" : null,
      carrier: null,
      lot: null,
      team: null,
      onset: isoDay(each.from),
      end: lastDay(each.to),
      expected_excess: null,
      actual_excess: null,
      note: each.note,
    };
  });
}

export function writeTruth(folder: string, truth: Truth): void {
  const file = new TextFile(path.join(folder, "truth.json"));
  file.write(`${JSON.stringify(truth, null, 2)}\n`);
  file.close();
}
