// For property tests of sources: the same rows written in the ways real exports differ in, all of which must be read alike.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import iconv from "iconv-lite";

export type TableRow = Readonly<Record<string, string>>;

/** One way to write a table. */
export interface Variant {
  /** Sorts the columns: the header's names by these keys. */
  readonly order: readonly number[];
  readonly casing: "lower" | "upper" | "title";
  /** Between the words of a header. */
  readonly joint: "-" | "_" | " " | "";
  readonly padding: "" | " ";
  readonly newline: "\n" | "\r\n";
  readonly encoding: "utf-8" | "utf-8 marked" | "utf-16le" | "utf-16be";
  readonly isGzip: boolean;
  /** Empty cells at the end of a row are left out. */
  readonly isTrimmed: boolean;
  /** Columns nobody knows. */
  readonly extra: readonly string[];
  readonly hasBlankLines: boolean;
}

/** Cell text that holds what could mislead a reader of unquoted tables: quotes, commas, other scripts; no tab, no line end. */
export const cellText = fc
  .array(
    fc.oneof(
      fc.constantFrom('"', '""', ",", ";", "'", "é", "ß", "测试", "日本", "🧵", " "),
      fc.string({ maxLength: 6 }),
    ),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((parts) => `x${parts.join("").replaceAll(/[\p{Cc}\uFEFF\uFFFD]/gu, "")}x`);

const MINUTE_MS = 60_000;
const pad = (value: number) => String(value).padStart(2, "0");

/** A moment of 2026 as its UTC text and as a place with some offset writes it. */
export const writtenTime = fc
  .record({
    seconds: fc.integer({ min: 0, max: 365 * 86_400 - 1 }),
    offset: fc.constantFrom(null, 0, -480, -210, 60, 330, 540, 765),
  })
  .map(({ seconds, offset }) => {
    const ms = Date.UTC(2026, 0, 1) + seconds * 1000;
    const utc = new Date(ms).toISOString().slice(0, 19);
    if (offset === null) return { utc, text: `${utc}Z` };
    const local = new Date(ms + offset * MINUTE_MS).toISOString().slice(0, 19);
    const size = Math.abs(offset);
    return { utc, text: `${local}${offset < 0 ? "-" : "+"}${pad(Math.floor(size / 60))}:${pad(size % 60)}` };
  });

export const variants = fc.array(
  fc.record<Variant>({
    order: fc.array(fc.nat(1000), { minLength: 60, maxLength: 60 }),
    casing: fc.constantFrom("lower", "upper", "title"),
    joint: fc.constantFrom("-", "_", " ", ""),
    padding: fc.constantFrom("", " "),
    newline: fc.constantFrom("\n", "\r\n"),
    encoding: fc.constantFrom("utf-8", "utf-8 marked", "utf-16le", "utf-16be"),
    isGzip: fc.boolean(),
    isTrimmed: fc.boolean(),
    extra: fc.array(cellText, { maxLength: 3 }),
    hasBlankLines: fc.boolean(),
  }),
  { minLength: 12, maxLength: 12 },
);

/** The file's bytes; `columns` are the header's names as the system writes them. */
export function writeVariant(columns: readonly string[], rows: readonly TableRow[], variant: Variant): Buffer {
  const named = [
    ...columns.map((column) => ({ header: headerOf(column, variant), cell: (row: TableRow) => row[column] ?? "" })),
    ...variant.extra.map((text, index) => ({ header: `note ${index} ${text}`, cell: () => text })),
  ];
  const ordered = named
    .map((column, index) => ({ column, key: variant.order[index] ?? 0 }))
    .toSorted((left, right) => left.key - right.key)
    .map(({ column }) => column);
  const lines = [
    ordered.map((column) => column.header).join("\t"),
    ...rows.map((row) => {
      const line = ordered.map((column) => column.cell(row)).join("\t");
      return variant.isTrimmed ? line.replace(/\t+$/, "") : line;
    }),
    ...(variant.hasBlankLines ? ["", ""] : []),
  ];
  const text = lines.map((line) => line + variant.newline).join("");
  const bytes = encoded(text, variant.encoding);
  return variant.isGzip ? gzipSync(bytes) : bytes;
}

/** Writes a file per variant into a folder, hands it over and removes it; `rowsOf` gives each file rows of its own. */
export async function withVariants<T>(
  columns: readonly string[],
  rowsOf: (file: number) => readonly TableRow[],
  written: readonly Variant[],
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), "aftersight-variants-"));
  try {
    for (const [index, variant] of written.entries()) {
      const name = `${String(index).padStart(3, "0")}.txt${variant.isGzip ? ".gz" : ""}`;
      await writeFile(path.join(folder, name), writeVariant(columns, rowsOf(index), variant));
    }
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function headerOf(column: string, { casing, joint, padding }: Variant): string {
  const words = column.toLowerCase().split(/[-_ ]/);
  const title = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1);
  const cased = words.map((word) =>
    casing === "lower" ? word : casing === "upper" ? word.toUpperCase() : title(word),
  );
  return `${padding}${cased.join(joint)}${padding}`;
}

function encoded(text: string, encoding: Variant["encoding"]): Buffer {
  if (encoding === "utf-8") return Buffer.from(text);
  if (encoding === "utf-8 marked") return Buffer.from(`\uFEFF${text}`);
  return iconv.encode(`\uFEFF${text}`, encoding, { addBOM: false });
}
