// Queries to Cube's views: POST /load, compact answers, waiting politely while a long query runs.
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import * as z from "zod/mini";
import { lastDay, type Period } from "../lib/period.ts";
import type { Grain } from "../lib/day.ts";
import { ApiError, errorText, requestJson } from "./http.ts";
import { rowsOfCompact } from "./parse.ts";

export interface MemberFilter {
  readonly member: string;
  readonly operator: "equals" | "notEquals" | "set" | "notSet" | "gt" | "gte" | "lt" | "lte" | "contains";
  readonly values?: readonly string[];
}

export interface CubeQuery {
  readonly measures?: readonly string[];
  readonly dimensions?: readonly string[];
  readonly timeDimensions?: readonly {
    readonly dimension: string;
    /** Inclusive days; see `inclusive`. */
    readonly dateRange?: readonly [string, string];
    readonly granularity?: Grain;
  }[];
  readonly filters?: readonly MemberFilter[];
  readonly order?: Readonly<Record<string, "asc" | "desc">>;
  readonly limit?: number;
}

/** Cube refuses more rows in one answer. */
export const MAX_ROWS = 50_000;

const CONTINUE_WAIT = "Continue wait";
const CONTINUE_WAIT_LIMIT_MS = 180_000;

const answerSchema = z.object({ results: z.array(z.object({ data: z.unknown() })) });

/** A half-open period as Cube's inclusive pair of days. */
export function inclusive(period: Period): readonly [string, string] {
  return [period.from, lastDay(period)];
}

/** An `equals` filter, or nothing when no value is chosen. */
export function anyOf(member: string, values: readonly string[]): MemberFilter[] {
  return values.length === 0 ? [] : [{ member, operator: "equals", values }];
}

/** Rows of one query, each checked by `schema`; keys are member names without the view. */
export async function loadRows<Row>(
  query: CubeQuery,
  schema: z.ZodMiniType<Row>,
  signal?: AbortSignal,
): Promise<Row[]> {
  const startedAt = Date.now();
  for (;;) {
    const body = await requestJson("/cubejs-api/v1/load", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        query: { timezone: "UTC", limit: MAX_ROWS, ...query, responseFormat: "compact" },
        queryType: "multi",
      }),
      signal: signal ?? null,
    });
    const error = errorText(body);
    if (error === null) return parseAnswer(body, schema);
    if (error !== CONTINUE_WAIT) throw new ApiError(error, 500);
    if (Date.now() - startedAt > CONTINUE_WAIT_LIMIT_MS)
      throw new ApiError("The query took longer than 3 minutes.", 504);
  }
}

function parseAnswer<Row>(body: unknown, schema: z.ZodMiniType<Row>): Row[] {
  const { results } = answerSchema.parse(body);
  return z.array(schema).parse(rowsOfCompact(results[0]?.data));
}

/**
 * Query options for one Cube query. The served data version is part of the key: a new version makes every tile ask again,
 * showing the old rows until the new ones are there.
 */
export function cubeOptions<Row>(version: number, query: CubeQuery, schema: z.ZodMiniType<Row>) {
  return queryOptions({
    queryKey: ["cube", version, query],
    queryFn: ({ signal }) => loadRows(query, schema, signal),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
}
