// Cube's answers at the edge: every number is text, every date an ISO time.
import { z } from "zod";
import { AppError } from "../shared/errors.ts";

export interface CubeFilter {
  readonly member: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** The part of Cube's query language that the mail needs. */
export interface CubeQuery {
  readonly measures?: readonly string[];
  readonly dimensions?: readonly string[];
  readonly timeDimensions?: readonly {
    readonly dimension: string;
    readonly granularity?: string;
    readonly dateRange?: readonly [string, string];
  }[];
  readonly filters?: readonly CubeFilter[];
  readonly order?: Readonly<Record<string, "asc" | "desc">>;
  readonly limit?: number;
  readonly timezone: "UTC";
}

export type CubeRow = Readonly<Record<string, unknown>>;

/** Asks Cube one question; rows are keyed by member name. */
export type LoadRows = (query: CubeQuery) => Promise<readonly CubeRow[]>;

export class CubeAnswerError extends AppError {}

/** Reads rows through a schema whose keys are members of `view`. */
export function parseRows<Schema extends z.ZodType>(
  view: string,
  rows: readonly CubeRow[],
  schema: Schema,
): z.infer<Schema>[] {
  return rows.map((row) => {
    const plain = Object.fromEntries(Object.entries(row).map(([key, value]) => [withoutView(key, view), value]));
    const parsed = schema.safeParse(plain);
    if (parsed.success) return parsed.data;
    throw new CubeAnswerError(`Cube's answer for view ${view} is not as expected: ${z.prettifyError(parsed.error)}`, {
      state: "no mail was sent.",
      advice:
        "Check that alerts/ and cube/model/ are of the same release, and that the pipeline has published with it.",
    });
  });
}

function withoutView(member: string, view: string): string {
  return member.startsWith(`${view}.`) ? member.slice(view.length + 1) : member;
}

const asNumber = (value: unknown) => (typeof value === "string" && value.trim() !== "" ? Number(value) : value);

export const cubeNumber = z.preprocess(asNumber, z.number());
export const cubeNumberOrNull = z.preprocess(
  (value) => (value === undefined ? null : asNumber(value)),
  z.number().nullable(),
);
export const cubeDay = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}/)
  .transform((value) => value.slice(0, 10));
export const cubeBoolean = z.preprocess(
  (value) =>
    value === "true" || value === 1 || value === "1"
      ? true
      : value === "false" || value === 0 || value === "0"
        ? false
        : value,
  z.boolean(),
);
/** Text of a dimension that is never null in the marts, but may be when a join finds nothing. */
export const cubeText = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined ? "unknown" : `${value}`));
