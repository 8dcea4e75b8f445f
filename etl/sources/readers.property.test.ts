// What must hold of every reader in sources.ts, whatever its files look like: none crashes it, every row is accounted for, and the
// same export written in another way gives the same rows. Many variants share an inbox, for a load costs more than a file.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitFields } from "../load/csv-scanner.ts";
import { accountProblems, accounts, type FileAccount } from "./reader-accounts.testing.ts";
import { brokenBytes, sameJson, sameTable, type Table, type Variant } from "./reader-variants.testing.ts";
import { feedsOf, type DelimitedFeed, type Source } from "./source.ts";
import { SOURCES } from "./sources.ts";

const RUNS = { numRuns: 2, endOnFailure: true };
const VARIANTS = { minLength: 30, maxLength: 40 };
const PATIENCE_MS = 300_000;
const FIXTURES_A_SOURCE = 3;

interface Original {
  readonly name: string;
  readonly bytes: Buffer;
  readonly variants: fc.Arbitrary<Variant>;
}

/** Cells with a line end are left out: with a carriage return alone between rows nobody can tell one from the other. */
function tableOf(text: string, feed: DelimitedFeed): Table {
  const [header = [], ...rows] = text
    .replace(/^\uFEFF/, "")
    .replaceAll(/"[^"]*"/g, (cell) => cell.replaceAll(/[\r\n]+/g, " "))
    .split(/\r?\n/)
    .filter(Boolean)
    .map((line) => splitFields(line, feed.delimiter, feed.quote !== null));
  // Some writers leave out the empty cells at the end of a row.
  const whole = rows.map((row) => header.map((_, index) => row[index] ?? ""));
  return { header, rows: whole, delimiter: feed.delimiter, isQuoted: feed.quote !== null };
}

function printed({ header, rows, delimiter, isQuoted }: Table): Buffer {
  const cell = (text: string) => (isQuoted ? `"${text.replaceAll('"', '""')}"` : text);
  return Buffer.from([header, ...rows].map((row) => `${row.map(cell).join(delimiter)}\n`).join(""));
}

async function originalsOf(source: Source): Promise<Original[]> {
  const folder = path.join(import.meta.dirname, source.system, "fixtures");
  const originals: Original[] = [];
  for (const name of (await readdir(folder)).toSorted()) {
    const text = await readFile(path.join(folder, name), "utf8").catch(() => "");
    const [feed] = feedsOf(source, name);
    if (!feed || text === "") continue;
    if (feed.kind === "delimited") {
      const table = tableOf(text, feed);
      const bytes = printed(table);
      originals.push({ name, bytes, variants: fc.oneof(sameTable(table), brokenBytes(bytes)) });
    } else if (name.endsWith(".json")) {
      const value: unknown = JSON.parse(text);
      const bytes = Buffer.from(JSON.stringify(value));
      originals.push({ name, bytes, variants: fc.oneof(sameJson(value), brokenBytes(bytes)) });
    } else originals.push({ name, bytes: Buffer.from(text), variants: brokenBytes(Buffer.from(text)) });
  }
  return originals.toSorted((left, right) => right.bytes.length - left.bytes.length).slice(0, FIXTURES_A_SOURCE);
}

/** What is wrong with a variant's account; nothing, if all is well. */
function problemsOf(variant: Variant, account: FileAccount | undefined, rows: readonly string[]): string[] {
  const isLoaded = account?.status === "loaded";
  const isSame = account?.rows.join("\n") === rows.join("\n");
  return [
    ...accountProblems(account),
    ...(variant.mustLoad && !isLoaded ? [`nothing is wrong with it, but: ${account?.message}`] : []),
    ...(variant.isSame && isLoaded && !isSame ? ["its rows are others than the original's"] : []),
  ];
}

describe.each(SOURCES.map((source) => [source.system, source] as const))("the reader of %s", (_, source) => {
  it(
    "reads any variant of its exports, or refuses it with a reason, and accounts for every row",
    { timeout: PATIENCE_MS },
    async () => {
      for (const original of await originalsOf(source)) {
        await fc.assert(
          fc.asyncProperty(fc.array(original.variants, VARIANTS), async (variants) => {
            const name = (index: number) =>
              `v${String(index).padStart(3, "0")}-${original.name}${variants[index]?.ending ?? ""}`;
            const files = new Map(variants.map(({ bytes }, index) => [name(index), bytes]));
            const found = await accounts(source, new Map([[original.name, original.bytes], ...files]));
            const expected = found.get(original.name);
            expect(expected).toMatchObject({ status: "loaded", refused: 0 });
            expect(expected?.rows.length).toBeGreaterThan(0);
            for (const [index, variant] of variants.entries()) {
              const account = found.get(name(index));
              expect({ variant: variant.name, problems: problemsOf(variant, account, expected?.rows ?? []) }).toEqual({
                variant: variant.name,
                problems: [],
              });
            }
          }),
          RUNS,
        );
      }
    },
  );
});
