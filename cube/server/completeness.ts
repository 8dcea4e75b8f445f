// How far the exports behind a figure reach. What a mart waits for is told by the entities its sources export.
import { queryRows } from "../../shared/duckdb.ts";
import type { OpenSnapshot } from "./open-snapshot.ts";

/** The entities that must have told before a mart's rows of a day are all there; the first is what the rows are. */
const AWAITED_BY: Readonly<Record<string, readonly string[]>> = {
  products: ["products"],
  customers: ["orders"],
  orders: ["orders"],
  order_items: ["order_items", "returns"],
  shipments: ["shipments", "carrier_events"],
  carrier_events: ["carrier_events"],
  returns: ["returns"],
  tickets: ["tickets"],
  survey_responses: ["survey_responses"],
  service_days: ["tickets"],
  agents: ["tickets"],
  agent_cases: ["tickets", "survey_responses"],
  lanes: ["shipments", "carrier_events"],
  open_shipments: ["shipments", "carrier_events"],
};

/** Detection reads every source. */
const AWAIT_ALL = new Set(["anomalies", "anomaly_points", "anomaly_series"]);

interface EntityFreshness {
  readonly source_system: string;
  readonly entity: string;
  readonly row_count: number;
  readonly latest_event_at: string | null;
  /** Null for a system that has been silent for long. */
  readonly data_complete_to: string | null;
}

export interface Completeness {
  /** Wall clock in the reporting zone up to which every export behind is complete; null where nothing tells. */
  readonly dataCompleteTo: string | null;
  /** Whether any export tells of it at all. */
  readonly hasSource: boolean;
}

/** The marts of a definition card's `source`. */
export function martsOf(source: string): string[] {
  return source.split(",").map((mart) => mart.trim());
}

/** Marts that nobody has said yet what they wait for. */
export function unknownMarts(source: string): string[] {
  return martsOf(source).filter((mart) => !AWAITED_BY[mart] && !AWAIT_ALL.has(mart));
}

const known = new WeakMap<OpenSnapshot, Promise<readonly EntityFreshness[]>>();

/** What a snapshot's `source_freshness` says; read once a snapshot. */
export function freshnessOf(snapshot: OpenSnapshot): Promise<readonly EntityFreshness[]> {
  const read = () =>
    snapshot.use((connection) =>
      queryRows<EntityFreshness & Record<string, unknown>>(connection, "select * from source_freshness"),
    );
  const freshness = known.get(snapshot) ?? read();
  known.set(snapshot, freshness);
  return freshness;
}

export function completenessOf(source: string, freshness: readonly EntityFreshness[]): Completeness {
  const marts = martsOf(source);
  const awaited = new Set(marts.flatMap((mart) => AWAITED_BY[mart] ?? []));
  const all = unknownMarts(source).length > 0 || marts.some((mart) => AWAIT_ALL.has(mart));
  const primary = new Set(marts.map((mart) => AWAITED_BY[mart]?.[0]));
  const told = freshness.filter(({ row_count: rows }) => rows > 0);
  return {
    dataCompleteTo: earliest(told.filter(({ entity }) => all || awaited.has(entity))),
    hasSource: told.some(({ entity }) => all || primary.has(entity)),
  };
}

/** As for the marts: the earliest of what systems tell, silent ones left out; where only silent ones tell, the last they told. */
function earliest(rows: readonly EntityFreshness[]): string | null {
  const live = rows.flatMap(({ data_complete_to: at }) => at ?? []).toSorted();
  const silent = rows.flatMap(({ latest_event_at: at }) => at ?? []).toSorted();
  return live[0] ?? silent.at(-1) ?? null;
}
