// Targets as delivered (cube/targets.yml), each with where its number comes from.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";
import { AppError } from "../../shared/errors.ts";
import type { Language } from "./definitions.ts";

export const DIRECTIONS = ["at_most", "at_least"] as const;
export type Direction = (typeof DIRECTIONS)[number];

export interface Target {
  readonly value: number;
  readonly direction: Direction;
}

const inBoth = z.strictObject({ en: z.string().min(1), zh: z.string().min(1) });

const file = z.strictObject({
  source: inBoth,
  targets: z.record(
    z.string(),
    z.strictObject({
      kind: z.enum(["target", "reference"]),
      value: z.number(),
      direction: z.enum(DIRECTIONS),
      wording: inBoth,
    }),
  ),
  promises: z.array(
    z.strictObject({
      value: z.number(),
      unit: z.enum(["hours", "days", "business_days"]),
      measures: z.array(z.string()),
      wording: inBoth,
    }),
  ),
});

export type DeliveredTargets = z.output<typeof file>;
export type Words = Readonly<Record<Language, string>>;

const FILE = path.join(PROJECT_ROOT, "cube", "targets.yml");

/** @throws AppError naming what is wrong in the file */
export async function loadDeliveredTargets(): Promise<DeliveredTargets> {
  const parsed = file.safeParse(parse(await readFile(FILE, "utf8")));
  if (parsed.success) return parsed.data;
  throw new AppError(`cube/targets.yml: ${z.prettifyError(parsed.error)}`, {
    advice: "Every target needs kind, value, direction and wording in both languages.",
  });
}
