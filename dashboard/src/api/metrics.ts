// Totals and series of the key figures: one query a group of figures that share view, time and filters.
import { useQuery } from "@tanstack/react-query";
import * as z from "zod/mini";
import type { Grain } from "../lib/day.ts";
import type { Period } from "../lib/period.ts";
import type { Filters } from "../url-state/filters.ts";
import { anyOf, cubeOptions, inclusive, type CubeQuery, type MemberFilter } from "./cube.ts";
import { day, nullableNumber } from "./parse.ts";
import { useStatus } from "./status.ts";

interface GroupSpec {
  readonly view: string;
  readonly time: string;
  readonly measures: readonly string[];
  readonly salesChannel?: string;
  readonly contactChannel?: string;
  /** Rows that don't count: left out everywhere, so that lists of rows hold what the figures count. */
  readonly counted?: MemberFilter;
}

/** Each measure is counted at the time its definition names. */
const GROUPS = {
  service: {
    view: "service",
    time: "created_at",
    measures: [
      "tickets",
      "answered_tickets",
      "awaiting_first_reply",
      "first_response_minutes_median",
      "first_response_minutes_p90",
      "replies_due",
      "response_rate_24h",
      "solved_tickets",
      "resolution_minutes_median",
      "resolution_minutes_p90",
      "quality_complaints",
    ],
    contactChannel: "channel",
  },
  satisfaction: {
    view: "satisfaction",
    time: "responded_at",
    measures: ["ratings", "satisfied", "csat"],
    contactChannel: "channel",
  },
  deliveries: {
    view: "deliveries",
    time: "delivered_at",
    measures: ["delivered_units", "matured_units", "returned_units_30d", "return_rate_30d"],
    salesChannel: "sales_channel",
  },
  product_returns: {
    view: "product_returns",
    time: "returned_at",
    measures: ["returns", "returners", "matured_returners_90d", "repurchasers_90d", "repurchase_rate_90d"],
    salesChannel: "sales_channel",
    counted: { member: "product_returns.is_completed", operator: "equals", values: ["true"] },
  },
  logistics: {
    view: "logistics",
    time: "promised_delivery_at",
    measures: ["shipments", "promised_and_attempted", "late_shipments", "late_rate"],
  },
  sales: { view: "sales", time: "ordered_at", measures: ["orders"], salesChannel: "sales_channel" },
} as const satisfies Record<string, GroupSpec>;

export type MetricGroup = keyof typeof GROUPS;
export type MeasureOf<Group extends MetricGroup> = (typeof GROUPS)[Group]["measures"][number];

/** Values by measure; null where the source has nothing to compute it from. */
export type Values = Readonly<Partial<Record<string, number | null>>>;

export interface SeriesRow {
  readonly start: string;
  readonly values: Values;
}

const valuesSchema = z.record(z.string(), z.unknown());

/** The shared filters as members of a view, and the view's own rule of what counts. */
export function viewFilters(view: string, filters: Filters): MemberFilter[] {
  const group: GroupSpec | undefined = Object.values<GroupSpec>(GROUPS).find((candidate) => candidate.view === view);
  return [
    ...(group?.counted ? [group.counted] : []),
    ...anyOf(`${view}.market`, filters.markets),
    ...(group?.salesChannel ? anyOf(`${view}.${group.salesChannel}`, filters.salesChannels) : []),
    ...(group?.contactChannel ? anyOf(`${view}.${group.contactChannel}`, filters.contactChannels) : []),
  ];
}

/** Which chosen filters a group cannot follow: a parcel has no contact channel. The card says so. */
export function ignoredFilters(group: MetricGroup, filters: Filters): ("salesChannel" | "contactChannel")[] {
  const spec: GroupSpec = GROUPS[group];
  const ignored: ("salesChannel" | "contactChannel")[] = [];
  if (filters.salesChannels.length > 0 && !spec.salesChannel) ignored.push("salesChannel");
  if (filters.contactChannels.length > 0 && !spec.contactChannel) ignored.push("contactChannel");
  return ignored;
}

function groupQuery(group: MetricGroup, period: Period, filters: readonly MemberFilter[], grain?: Grain): CubeQuery {
  const { view, time, measures }: GroupSpec = GROUPS[group];
  return {
    measures: measures.map((measure) => `${view}.${measure}`),
    timeDimensions: [
      { dimension: `${view}.${time}`, dateRange: inclusive(period), ...(grain ? { granularity: grain } : {}) },
    ],
    filters,
  };
}

const totalsSchema = z.pipe(
  valuesSchema,
  z.transform((row): Values => numbersOf(row)),
);

function numbersOf(row: Record<string, unknown>, skip?: string): Values {
  const values: Record<string, number | null> = {};
  for (const [key, value] of Object.entries(row)) {
    if (key !== skip && !key.startsWith(`${skip}.`)) values[key] = nullableNumber.parse(value);
  }
  return values;
}

function seriesSchema(time: string, grain: Grain) {
  return z.pipe(
    valuesSchema,
    z.transform((row): SeriesRow => ({ start: day.parse(row[`${time}.${grain}`]), values: numbersOf(row, time) })),
  );
}

const ANYWHEN: Period = { from: "2000-01-01", to: "2000-01-02" };

/** Totals of a group in a period; `period` null asks nothing. */
export function useTotals(
  group: MetricGroup,
  period: Period | null,
  filters: Filters,
  extra: readonly MemberFilter[] = [],
) {
  const { version } = useStatus();
  const all = [...viewFilters(GROUPS[group].view, filters), ...extra];
  return useQuery({
    ...cubeOptions(version, groupQuery(group, period ?? ANYWHEN, all), totalsSchema),
    enabled: period !== null,
    select: (rows) => rows[0] ?? {},
  });
}

/** A group's values by bucket, buckets without rows absent. */
export function useSeries(group: MetricGroup, period: Period | null, grain: Grain, filters: Filters) {
  const { version } = useStatus();
  const { view, time } = GROUPS[group];
  return useQuery({
    ...cubeOptions(
      version,
      groupQuery(group, period ?? ANYWHEN, viewFilters(view, filters), grain),
      seriesSchema(time, grain),
    ),
    enabled: period !== null,
  });
}

const firstDaySchema = (time: string) =>
  z.pipe(
    valuesSchema,
    z.transform((row) => day.parse(row[`${time}.day`])),
  );

/** The first day a group has any row; null while loading or without rows. A period before it can't be compared with. */
export function useFirstDay(group: MetricGroup): string | null {
  const { version } = useStatus();
  const { view, time, measures, counted }: GroupSpec = GROUPS[group];
  const { data } = useQuery(
    cubeOptions(
      version,
      {
        measures: [`${view}.${measures[0]}`],
        // A time dimension without dates would include rows without a time; they have no first day.
        timeDimensions: [{ dimension: `${view}.${time}`, dateRange: ["1990-01-01", "2100-01-01"], granularity: "day" }],
        filters: counted ? [counted] : [],
        order: { [`${view}.${time}`]: "asc" },
        limit: 1,
      },
      firstDaySchema(time),
    ),
  );
  return data?.[0] ?? null;
}
