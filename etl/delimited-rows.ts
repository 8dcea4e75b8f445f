// Delimited text → a clean file whose every row DuckDB can read (row number first), and the rows that are broken.
import { FileRefusedError, readText, type TextOptions } from "./file-text.ts";
import { joinFields, scanRecord, splitFields, type Dialect, type ScannedRecord } from "./csv-scanner.ts";
import type { LineFile } from "./line-file.ts";

export interface BrokenRow {
  /** 1 = first data row; null when the row cannot be told. */
  readonly rowNo: number | null;
  readonly problem: string;
  readonly raw: string;
}

export interface RowsOptions extends TextOptions {
  readonly delimiter: string;
  readonly quoted: boolean;
  /** Given the header once; returns the width a short row must reach at least. Throws to refuse the file. */
  readonly onHeader: (header: readonly string[]) => number;
  readonly onBroken: (row: BrokenRow) => Promise<void>;
}

/** Longer records are taken for an open quote that never closes. */
const LONGEST_RECORD = 4 << 20;
const RAW_CHARACTERS = 2000;

/** Writes the sound rows to `out`; counts all data rows, blank lines aside. */
export async function writeCleanRows(file: string, out: LineFile, options: RowsOptions): Promise<{ rows: number }> {
  const reader = new RowReader(out, options);
  let pending: Buffer = Buffer.alloc(0);
  for await (const chunk of readText(file, options)) {
    const bytes = pending.length > 0 ? Buffer.concat([pending, chunk]) : chunk;
    pending = bytes.subarray(await reader.read(bytes, false));
  }
  await reader.read(pending, true);
  if (!reader.header) throw new FileRefusedError("is empty: no header row");
  return { rows: reader.rows };
}

class RowReader {
  rows = 0;
  header: readonly string[] | undefined;
  readonly #out: LineFile;
  readonly #options: RowsOptions;
  #dialect: Dialect | undefined;
  #leastColumns = 0;

  constructor(out: LineFile, options: RowsOptions) {
    this.#out = out;
    this.#options = options;
  }

  /** Reads the whole records in `bytes`; returns how many bytes were used. */
  async read(bytes: Buffer, atEnd: boolean): Promise<number> {
    this.#dialect ??= this.#findDialect(bytes, atEnd);
    const dialect = this.#dialect;
    if (!dialect) return 0;
    let position = 0;
    while (position < bytes.length) {
      let record = scanRecord(bytes, position, atEnd, dialect);
      if (record.verdict === "incomplete") {
        if (bytes.length - position <= LONGEST_RECORD) break;
        record = { ...scanRecord(bytes, position, true, dialect), verdict: "broken" };
      }
      position = await this.#take(bytes, position, record, dialect);
    }
    return position;
  }

  #findDialect(bytes: Buffer, atEnd: boolean): Dialect | undefined {
    const feed = bytes.indexOf(10);
    const carriage = bytes.indexOf(13);
    if (!atEnd && feed < 0 && bytes.length < LONGEST_RECORD) return undefined;
    return {
      delimiter: this.#options.delimiter.charCodeAt(0),
      quoted: this.#options.quoted,
      newline: feed < 0 && carriage >= 0 ? "\r" : "\n",
    };
  }

  /** Handles one scanned record; returns where the next one starts. */
  async #take(bytes: Buffer, start: number, record: ScannedRecord, dialect: Dialect): Promise<number> {
    const isBlank = record.end === start && record.verdict !== "broken";
    if (isBlank) return record.next;
    if (!this.header) return this.#takeHeader(bytes, start, record);
    const width = this.header.length;
    const isSound = record.verdict !== "broken";
    if (isSound && record.columns === width) {
      this.rows += 1;
      if (record.verdict === "plain")
        this.#out.write(`${this.rows}${this.#options.delimiter}`, bytes, start, record.end);
      else this.#rewrite(bytes, start, record.end, width);
      return record.next;
    }
    if (isSound && this.#canPad(record)) {
      this.rows += 1;
      this.#rewrite(bytes, start, record.end, width);
      return record.next;
    }
    if (isSound && record.columns > width && record.secondLine < 0) {
      const fields = this.#fields(bytes, start, record.end);
      if (fields.slice(width).every((field) => field.trim() === "")) {
        this.rows += 1;
        this.#rewrite(bytes, start, record.end, width);
        return record.next;
      }
    }
    return this.#refuse(bytes, start, record, dialect);
  }

  /** Some writers leave out empty cells at the end of a row; a last row without a line end is a cut file instead. */
  #canPad(record: ScannedRecord): boolean {
    const width = this.header?.length ?? 0;
    return record.columns < width && record.columns >= this.#leastColumns && record.isClosed && record.secondLine < 0;
  }

  /** Only the first line of a broken record is given up: an open quote must not swallow the rows after it. */
  async #refuse(bytes: Buffer, start: number, record: ScannedRecord, dialect: Dialect): Promise<number> {
    const newline = bytes.indexOf(dialect.newline.charCodeAt(0), start);
    const lineEnd = newline < 0 ? bytes.length : newline;
    const isQuote = record.verdict === "broken" || record.secondLine >= 0;
    this.rows += 1;
    await this.#options.onBroken({
      rowNo: this.rows,
      problem: isQuote ? "broken quotes" : `${record.columns} columns instead of ${this.header?.length ?? 0}`,
      raw: bytes.subarray(start, lineEnd).toString("utf8").trimEnd().slice(0, RAW_CHARACTERS),
    });
    return Math.min(bytes.length, lineEnd + 1);
  }

  #takeHeader(bytes: Buffer, start: number, record: ScannedRecord): number {
    const text = bytes.subarray(start, record.end).toString("utf8");
    if (/^sep=.$/i.test(text)) return record.next; // Excel's own first line
    if (record.verdict === "broken") throw new FileRefusedError("has a header row with broken quotes");
    this.header = splitFields(text, this.#options.delimiter, this.#options.quoted);
    this.#leastColumns = this.#options.onHeader(this.header);
    return record.next;
  }

  /** Latin-1 keeps every byte, so multi-byte characters pass unharmed. */
  #fields(bytes: Buffer, start: number, end: number): string[] {
    return splitFields(bytes.toString("latin1", start, end), this.#options.delimiter, this.#options.quoted);
  }

  #rewrite(bytes: Buffer, start: number, end: number, width: number): void {
    const fields = this.#fields(bytes, start, end).slice(0, width);
    while (fields.length < width) fields.push("");
    const line = Buffer.from(joinFields(fields, this.#options.delimiter), "latin1");
    this.#out.write(`${this.rows}${this.#options.delimiter}`, line);
  }
}
