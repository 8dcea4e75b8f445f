// The queue of words that no map knows: with volumes and examples, and as a file to fill in.
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { stringify } from "yaml";
import { AppError } from "../../shared/errors.ts";
import type { DataDirectory } from "../../shared/data-directory.ts";
import { queryRows, sqlString, withDuckDB } from "../../shared/duckdb.ts";
import { servedVersion } from "../snapshots/publish.ts";
import { textRules } from "../tagging/rule-files.ts";
import { createTagger, type Tagger } from "../tagging/tagger.ts";
import type { MapName } from "./canonical-codes.ts";

export interface UnmappedWord {
  readonly map: MapName;
  readonly system: string;
  readonly raw: string;
  readonly rows: number;
  /** Of the system's rows that such a word could stand on, 0 to 1. */
  readonly share: number;
  /** What customers wrote beside it, at most three. */
  readonly examples: readonly string[];
  /** What the rules for free text make of the word or of the examples; a guess, for reasons only. */
  readonly guess: string | null;
}

export interface UnmappedQueue {
  readonly version: string;
  /** Most rows first. */
  readonly words: readonly UnmappedWord[];
}

interface Kind {
  readonly kind: string;
  readonly map: MapName;
  /** Marts whose rows carry such a word. */
  readonly marts: readonly string[];
  /** Marts in which an example can be looked up by the word: its column, and what to show. */
  readonly examples: readonly { readonly mart: string; readonly word: string; readonly text: string }[];
}

const KINDS: readonly Kind[] = [
  {
    kind: "reason",
    map: "reasons",
    marts: ["tickets", "returns"],
    examples: [
      { mart: "tickets", word: "reason_raw", text: "subject" },
      { mart: "returns", word: "reason_raw", text: "comment" },
    ],
  },
  {
    kind: "resolution",
    map: "resolutions",
    marts: ["returns"],
    examples: [{ mart: "returns", word: "resolution_raw", text: "comment" }],
  },
  {
    kind: "event_state",
    map: "event_states",
    marts: ["carrier_events"],
    examples: [{ mart: "carrier_events", word: "state_raw", text: "message" }],
  },
  { kind: "sales_channel", map: "sales_channels", marts: ["orders"], examples: [] },
  { kind: "contact_channel", map: "contact_channels", marts: ["tickets", "survey_responses"], examples: [] },
  {
    kind: "ticket_status",
    map: "ticket_statuses",
    marts: ["tickets"],
    examples: [{ mart: "tickets", word: "status", text: "subject" }],
  },
];

const EXAMPLES = 3;
const EXAMPLE_LENGTH = 100;

/** @throws AppError when no version is served. */
export async function unmappedQueue(data: DataDirectory): Promise<UnmappedQueue> {
  const version = await servedVersion(data);
  if (version === undefined) {
    throw new AppError(`No version is served from ${data.root}, so there is nothing to look through.`, {
      advice: "Run `npm run pipeline` first, or name the data folder with --data-dir.",
    });
  }
  const tagger = createTagger(await textRules());
  const file = path.join(data.published, `${version}.duckdb`);
  const words = await withDuckDB(file, { readOnly: true, threads: 1 }, (connection) => readWords(connection, tagger));
  return { version, words };
}

async function readWords(connection: DuckDBConnection, tagger: Tagger): Promise<UnmappedWord[]> {
  const rows = await queryRows<{ kind: string; system: string; raw: string; rows: number }>(
    connection,
    `select kind, source_system as system, raw_value as raw, row_count as "rows" from main.unmapped_values
     order by row_count desc, kind, source_system, raw_value`,
  );
  const totals = new Map<string, number>();
  const words: UnmappedWord[] = [];
  for (const row of rows) {
    const kind = KINDS.find((each) => each.kind === row.kind);
    if (!kind) continue;
    const key = `${row.kind}\n${row.system}`;
    const all = totals.get(key) ?? (await rowsOf(connection, kind, row.system));
    totals.set(key, all);
    const examples = await examplesOf(connection, kind, row.system, row.raw);
    words.push({
      map: kind.map,
      system: row.system,
      raw: row.raw,
      rows: row.rows,
      share: all === 0 ? 1 : Math.min(1, row.rows / all),
      examples,
      guess: kind.map === "reasons" ? guessOf(tagger, [row.raw, ...examples]) : null,
    });
  }
  return words;
}

async function rowsOf(connection: DuckDBConnection, kind: Kind, system: string): Promise<number> {
  const counts = kind.marts.map(
    (mart) => `select count(*) as "rows" from main.${mart} where source_system = ${sqlString(system)}`,
  );
  const [row] = await queryRows<{ rows: number }>(
    connection,
    `select sum("rows")::bigint as "rows" from (${counts.join(" union all ")})`,
  );
  return row?.rows ?? 0;
}

async function examplesOf(connection: DuckDBConnection, kind: Kind, system: string, raw: string): Promise<string[]> {
  const found: string[] = [];
  for (const { mart, word, text } of kind.examples) {
    const rows = await queryRows<{ text: string }>(
      connection,
      `select distinct ${text} as text from main.${mart} where source_system = ${sqlString(system)} and ${text} <> ''
         and lower(trim(${word})) = ${sqlString(raw.trim().toLowerCase())} order by 1 limit ${EXAMPLES}`,
    );
    found.push(...rows.map((row) => shortened(row.text)));
  }
  return found.slice(0, EXAMPLES);
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > EXAMPLE_LENGTH ? `${line.slice(0, EXAMPLE_LENGTH - 1)}…` : line;
}

/** The first text that says a reason. */
function guessOf(tagger: Tagger, texts: readonly string[]): string | null {
  for (const text of texts) {
    const { reason } = tagger.tag(text.replaceAll(/[_:/]+/g, " "));
    if (reason !== null) return reason;
  }
  return null;
}

const PERCENT = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });

/** Lines for a person. */
export function describeQueue({ version, words }: UnmappedQueue): string[] {
  if (words.length === 0) return [`Version ${version}: every word is mapped.`];
  const rows = words.reduce((sum, word) => sum + word.rows, 0);
  return [
    `Version ${version}: ${words.length} words that no map knows, on ${rows} rows`,
    ...words.flatMap((word) => [
      `  ${word.rows} rows (${PERCENT.format(word.share)} of ${word.system}'s)  ${word.map}  ${word.system}: ${word.raw}` +
        (word.guess ? `  → ${word.guess}?` : ""),
      ...word.examples.map((example) => `      “${example}”`),
    ]),
  ];
}

const CODE_KEY: Readonly<Record<MapName, string>> = {
  reasons: "reason",
  resolutions: "resolution",
  event_states: "event_state",
  contact_channels: "channel",
  sales_channels: "channel",
  ticket_statuses: "status",
};

/** A taxonomy.yml to fill in: every word of the queue, commented out until it has a code. */
export function queueSkeleton({ version, words }: UnmappedQueue): string {
  const maps = [...new Set(words.map((word) => word.map))];
  const sections = maps.map((map) =>
    [`${map}:`, ...words.filter((word) => word.map === map).flatMap(entry)].join("\n"),
  );
  return [
    `# Words that no map knew in version ${version}. Take the # off where you fill in a code, and save the file as taxonomy.yml in`,
    "# the inbox; raise the version with each change. The codes and what they mean: etl/taxonomy/README.md.",
    "version: 1",
    ...sections,
    "",
  ].join("\n");
}

function entry(word: UnmappedWord): string[] {
  const quoted = (text: string) => stringify(text, { defaultStringType: "QUOTE_DOUBLE", lineWidth: 0 }).trim();
  const source = word.map === "ticket_statuses" ? "" : `source: ${quoted(word.system)}, `;
  return [
    `  # ${word.rows} rows, ${PERCENT.format(word.share)}${word.examples.length > 0 ? `: ${word.examples.join(" | ")}` : ""}`,
    `  # - { ${source}raw: ${quoted(word.raw)}, ${CODE_KEY[word.map]}: ${word.guess ?? ""} }`,
  ];
}
