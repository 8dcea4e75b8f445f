// The seller's own words: `<inbox>/taxonomy.yml`, versioned by the seller. It wins over the shipped maps; what it changes
// relabels all of history with the next run.
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { parse } from "yaml";
import { z } from "zod";
import { AppError, hasCode, messageOf } from "../../shared/errors.ts";
import { sqlString } from "../../shared/duckdb.ts";
import { firstLine } from "../settings/run-settings.ts";
import { schemaProblems } from "../settings/schema-problems.ts";
import { canonicalCodes, MAPS, type MapName } from "./canonical-codes.ts";
import { unknownCode } from "./unknown-code.ts";

export const TAXONOMY_FILE = "taxonomy.yml";
const NOTHING_CHANGED = "Nothing was read or changed; the served version stays.";
const MAX_BYTES = 4_000_000;
const EVERY_SYSTEM = "*";

const text = z
  .union([z.string(), z.number(), z.boolean()])
  .transform((value) => String(value).trim())
  .refine((value) => value !== "", { error: "must not be empty" });
const source = text.default(EVERY_SYSTEM);

/** A key with nothing below it is an empty list. */
function listOf<T extends z.ZodType>(entry: T) {
  return z
    .array(entry)
    .nullish()
    .transform((entries) => entries ?? []);
}

const channels = listOf(z.strictObject({ source, raw: text, channel: text }));

const schema = z.strictObject({
  version: z.union([z.int().positive(), z.string().min(1)]).transform(String),
  reasons: listOf(z.strictObject({ source, raw: text, reason: text })),
  resolutions: listOf(z.strictObject({ source, raw: text, resolution: text })),
  event_states: listOf(z.strictObject({ source, raw: text, event_state: text })),
  contact_channels: channels,
  sales_channels: channels,
  ticket_statuses: listOf(z.strictObject({ raw: text, status: text })),
});

export interface MappedWord {
  /** System of the inbox, or `*` for all. */
  readonly source: string;
  /** In lower case, as the maps are. */
  readonly raw: string;
  readonly code: string;
}

export interface SellerTaxonomy {
  /** What the seller calls it. */
  readonly version: string;
  /** 16 hex characters of the file's content: two files that call themselves version 3 differ in it. */
  readonly hash: string;
  readonly words: Readonly<Record<MapName, readonly MappedWord[]>>;
}

/**
 * Null when the inbox has none.
 *
 * @throws AppError naming the file, each entry that cannot be used, and the nearest code that can.
 */
export async function readSellerTaxonomy(inbox: string): Promise<SellerTaxonomy | null> {
  const file = path.join(inbox, TAXONOMY_FILE);
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES) throw tooLarge(file, size);
    return await parseSellerTaxonomy(await readFile(file, "utf8"), file);
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (hasCode(error, "ENOENT") || hasCode(error, "ENOTDIR")) return null;
    throw new AppError(`${file} cannot be read: ${messageOf(error)}`, {
      state: NOTHING_CHANGED,
      advice: "Make it a file that this user may read, or remove it.",
    });
  }
}

function tooLarge(file: string, size: number): AppError {
  return new AppError(`${file} has ${size} bytes; a list of words has at most ${MAX_BYTES}.`, {
    state: NOTHING_CHANGED,
    advice: "It is one entry a word, not one a ticket; see etl/taxonomy/README.md.",
  });
}

export async function parseSellerTaxonomy(content: string, file = TAXONOMY_FILE): Promise<SellerTaxonomy> {
  const refuse = (what: string) =>
    new AppError(`${file} ${what}`, {
      state: NOTHING_CHANGED,
      advice: "Put these entries right and run again; etl/taxonomy/README.md tells what each means.",
    });
  let value: unknown;
  try {
    value = parse(content) ?? {};
  } catch (error) {
    throw refuse(`is not valid YAML: ${firstLine(messageOf(error))}`);
  }
  const parsed = schema.safeParse(value, { reportInput: true });
  if (!parsed.success) {
    throw refuse(`cannot be used: ${schemaProblems(parsed.error, Object.keys(schema.shape)).join("; ")}`);
  }
  const { data } = parsed;
  const words: Record<MapName, MappedWord[]> = {
    reasons: data.reasons.map((each) => mapped(each, each.reason)),
    resolutions: data.resolutions.map((each) => mapped(each, each.resolution)),
    event_states: data.event_states.map((each) => mapped(each, each.event_state)),
    contact_channels: data.contact_channels.map((each) => mapped(each, each.channel)),
    sales_channels: data.sales_channels.map((each) => mapped(each, each.channel)),
    ticket_statuses: data.ticket_statuses.map((each) => mapped({ ...each, source: EVERY_SYSTEM }, each.status)),
  };
  const problems = (await Promise.all(MAPS.map((map) => problemsOf(map, words[map])))).flat();
  if (problems.length > 0) throw refuse(`cannot be used: ${problems.join("; ")}`);
  return { version: data.version, hash: createHash("sha256").update(content).digest("hex").slice(0, 16), words };
}

/** The maps' normal form. */
function mapped(each: { source: string; raw: string }, code: string): MappedWord {
  return { source: each.source, raw: each.raw.toLowerCase(), code: code.toLowerCase() };
}

async function problemsOf(map: MapName, words: readonly MappedWord[]): Promise<string[]> {
  const codes = await canonicalCodes(map);
  const seen = new Map<string, string>();
  return words.flatMap(({ source: system, raw, code }, index) => {
    const at = `${map}[${index}]`;
    const key = `${system}\n${raw}`;
    const before = seen.get(key);
    seen.set(key, code);
    if (before !== undefined && before !== code) {
      return [`${at}: "${raw}" of ${system} is mapped twice, to ${before} and to ${code}`];
    }
    const problem = unknownCode(map, code, codes);
    return problem ? [`${at}: "${raw}" is mapped to ${problem}`] : [];
  });
}

/** Table, column of the system, of the word and of the meaning; `kind` where the table holds several maps. */
const TABLES: Readonly<
  Record<MapName, { table: string; system: string | null; raw: string; code: string; kind?: string }>
> = {
  reasons: { table: "reason_map", system: "source_system", raw: "reason_raw", code: "reason" },
  resolutions: { table: "resolution_map", system: "source_system", raw: "resolution_raw", code: "resolution" },
  event_states: { table: "event_state_map", system: "system", raw: "state_raw", code: "event_state" },
  contact_channels: {
    table: "channel_map",
    system: "source_system",
    raw: "channel_raw",
    code: "channel",
    kind: "contact",
  },
  sales_channels: { table: "channel_map", system: "source_system", raw: "channel_raw", code: "channel", kind: "sales" },
  ticket_statuses: { table: "ticket_status_map", system: null, raw: "status_raw", code: "status" },
};

/**
 * Puts the seller's words over the shipped ones in `staging.reason_map` and its like; call it when these are loaded and before a
 * model reads them. A word for every system (`*`) also replaces what the shipped maps say for one system.
 */
export async function applySellerTaxonomy(
  connection: DuckDBConnection,
  taxonomy: SellerTaxonomy | null,
): Promise<void> {
  for (const map of MAPS) {
    const words = taxonomy?.words[map] ?? [];
    if (words.length > 0) await applyMap(connection, map, words);
  }
}

async function applyMap(connection: DuckDBConnection, map: MapName, words: readonly MappedWord[]): Promise<void> {
  const { table, system, raw, code, kind } = TABLES[map];
  const values = words.map((word) => `(${[word.source, word.raw, word.code].map(sqlString).join(", ")})`);
  const ofKind = kind === undefined ? "" : ` and kind = ${sqlString(kind)}`;
  const ofSystem =
    system === null ? "" : ` and (seller.source = ${sqlString(EVERY_SYSTEM)} or seller.source = shipped.${system})`;
  const columns = [...(kind === undefined ? [] : ["kind"]), ...(system === null ? [] : [system]), raw, code];
  const given = [
    ...(kind === undefined ? [] : [sqlString(kind)]),
    ...(system === null ? [] : ["source"]),
    "raw",
    "code",
  ];
  await connection.run(`create or replace temp table seller_words as
    select distinct source, raw, code from (values ${values.join(", ")}) as words(source, raw, code)`);
  await connection.run(`delete from staging.${table} as shipped using seller_words as seller
    where seller.raw = shipped.${raw}${ofKind}${ofSystem}`);
  await connection.run(
    `insert into staging.${table} (${columns.join(", ")}) select ${given.join(", ")} from seller_words`,
  );
  await connection.run("drop table seller_words");
}
