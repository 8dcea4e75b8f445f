// Values as they leave Cube (numbers as text, compact rows) turned into typed rows, once and here only.
import * as z from "zod/mini";

// Compiled schemas need `new Function`, which the page's policy forbids.
z.config({ jitless: true });

/** A number, or null: from `"12.5"`, `12.5`, `null` or `""`. Anything else fails the row, loudly. */
export const nullableNumber = z.pipe(
  z.nullish(z.union([z.number(), z.string()])),
  z.transform((value, context) => {
    if (value === null || value === undefined || value === "") return null;
    const number = Number(value);
    if (Number.isFinite(number)) return number;
    context.issues.push({ code: "custom", message: `not a number: ${String(value)}`, input: value });
    return z.NEVER;
  }),
);

/** A count or sum: nothing counted is 0. */
export const count = z.pipe(
  nullableNumber,
  z.transform((value) => value ?? 0),
);

export const text = z.pipe(
  z.nullish(z.union([z.string(), z.number()])),
  z.transform((value) => (value === null || value === undefined ? "unknown" : String(value))),
);

export const nullableText = z.pipe(
  z.nullish(z.union([z.string(), z.number()])),
  z.transform((value) => (value === null || value === undefined || value === "" ? null : String(value))),
);

/** `2026-11-03T00:00:00.000` → `2026-11-03`. */
export const day = z.pipe(
  z.string(),
  z.transform((value) => value.slice(0, 10)),
);

export const nullableDay = z.pipe(
  nullableText,
  z.transform((value) => value?.slice(0, 10) ?? null),
);

/** A boolean that a driver may also give as text or as 0 and 1. */
export const flag = z.pipe(
  z.nullish(z.union([z.boolean(), z.string(), z.number()])),
  z.transform((value) => value === true || value === 1 || value === "true" || value === "1"),
);

const compactSchema = z.object({
  members: z.array(z.string()),
  dataset: z.array(z.array(z.unknown())),
});

/** Compact result → one object a row, keyed by member without its view: `service.tickets` → `tickets`. */
export function rowsOfCompact(data: unknown): Record<string, unknown>[] {
  const { members, dataset } = compactSchema.parse(data);
  const keys = members.map((member) => member.slice(member.indexOf(".") + 1));
  return dataset.map((values) => {
    const row: Record<string, unknown> = {};
    // Going backwards, the first column of a name wins: the bucketed time before its bare repetition.
    for (let index = keys.length - 1; index >= 0; index--) row[keys[index] ?? ""] = values[index];
    return row;
  });
}
