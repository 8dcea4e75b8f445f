// What after-sales costs where no export tells it (`costs` in aftersight.yml), and what the seller promises about refunds
// (`refund_promise`): small tables of the run.
//
// - `staging.cost_rates(market, return_label, handling, outbound, goods_cost_rate, recovery_rate)`: a row per market that has rates of its
//   own and `*` for all others; null: not known, which is not 0.
// - `staging.refund_promise(clock, business_days)`: one row.
import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { sqlString } from "../../shared/duckdb.ts";

const amount = z.number().nonnegative();
const share = z.number().min(0).max(1);

const rateCard = z.strictObject({
  /** A parcel on its way back. */
  return_label: amount.optional(),
  /** Inspecting and restocking a unit. */
  handling: amount.optional(),
  /** Sending a replacement. */
  outbound: amount.optional(),
  /** What goods cost the seller, as a share of their price. */
  goods_cost_rate: share.optional(),
  /** What goods that came back are worth still, as a share of their price. */
  recovery_rate: share.optional(),
});
type RateCard = z.infer<typeof rateCard>;

const KEYS = Object.keys(rateCard.shape) as (keyof RateCard)[];
/** The card of every market that has none of its own, or leaves something out of it. */
const ANY_MARKET = "default";
const market = z
  .string()
  .regex(/^([A-Z]{2}|default)$/, { error: "must be an ISO 3166-1 country code in upper case, e.g. DE, or default" });

/** Keys of the settings; amounts in the reporting currency. */
export const costSettings = {
  costs: z.record(market, rateCard).default({}),
  refund_promise: z
    .strictObject({
      business_days: z.int().min(1).max(60).default(7),
      clock: z.enum(["received", "approved"]).default("received"),
    })
    .prefault({}),
};

export type CostSettings = {
  readonly [Key in keyof typeof costSettings]: z.infer<(typeof costSettings)[Key]>;
};

export async function createCostTables(connection: DuckDBConnection, settings: CostSettings): Promise<void> {
  const { costs, refund_promise: promise } = settings;
  const general = costs[ANY_MARKET] ?? {};
  const cards = Object.entries(costs).filter(([name]) => name !== ANY_MARKET);
  const rows = [["*", general] as const, ...cards.map(([name, card]) => [name, { ...general, ...card }] as const)];
  const values = rows.map(
    ([name, card]: readonly [string, RateCard]) =>
      `(${sqlString(name)}, ${KEYS.map((key) => `${card[key] ?? "null"}::double`).join(", ")})`,
  );
  await connection.run(`create or replace table staging.cost_rates as
      from (values ${values.join(", ")}) as rates(market, ${KEYS.join(", ")});
    create or replace table staging.refund_promise as
      select ${sqlString(promise.clock)} as clock, ${promise.business_days}::bigint as business_days`);
}
