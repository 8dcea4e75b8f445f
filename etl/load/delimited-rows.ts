// Delimited text → clean lines whose every row DuckDB can read (row number first), and the rows that are broken.
import { FileRefusedError, readText, type TextOptions } from "../files/file-text.ts";
import { dialectOf, joinFields, scanRecord, splitFields, type Dialect, type ScannedRecord } from "./csv-scanner.ts";
import { LONGEST_ROW, MOST_BROKEN_ROWS } from "../files/input-limits.ts";
import type { LineSink } from "./line-file.ts";

export interface BrokenRow {
  /** 1 = first data row; null when the row cannot be told. */
  readonly rowNo: number | null;
  readonly reason: "unreadable_row" | "too_long";
  readonly problem: string;
  readonly raw: string;
}

export interface RowsOptions extends TextOptions {
  readonly delimiter: string;
  readonly quoted: boolean;
  /** Given the header once; returns the width a short row must reach at least. Throws to refuse the file. */
  readonly onHeader: (header: readonly string[]) => number;
  /** Called while rows are read; `afterChunk` is where to wait. */
  readonly onBroken: (row: BrokenRow) => void;
  readonly afterChunk?: () => Promise<void>;
}

const RAW_CHARACTERS = 2000;

/** Writes the sound rows to `out`; counts all data rows, blank lines aside. */
export async function writeCleanRows(file: string, out: LineSink, options: RowsOptions): Promise<{ rows: number }> {
  const reader = new RowReader(out, options);
  let pending: Buffer = Buffer.alloc(0);
  for await (const chunk of readText(file, options)) {
    const bytes = pending.length > 0 ? Buffer.concat([pending, chunk]) : chunk;
    pending = bytes.subarray(reader.read(bytes, false));
    reader.stopOnRubbish();
    await options.afterChunk?.();
  }
  reader.read(pending, true);
  await options.afterChunk?.();
  if (!reader.header) throw new FileRefusedError("is empty: no header row");
  return { rows: reader.rows };
}

class RowReader {
  rows = 0;
  header: readonly string[] | undefined;
  readonly #out: LineSink;
  readonly #options: RowsOptions;
  readonly #prefixEnd: string;
  #broken = 0;
  #dialect: Dialect | undefined;
  #leastColumns = 0;
  /** Inside a line too long to hold: everything up to its end is passed over. */
  #isSkipping = false;

  constructor(out: LineSink, options: RowsOptions) {
    this.#out = out;
    this.#options = options;
    this.#prefixEnd = options.delimiter;
  }

  /** Reads the whole records in `bytes`; returns how many bytes were used. */
  read(bytes: Buffer, atEnd: boolean): number {
    this.#dialect ??= this.#findDialect(bytes, atEnd);
    const dialect = this.#dialect;
    if (!dialect) return 0;
    let position = this.#isSkipping ? this.#skipLine(bytes, 0, dialect) : 0;
    while (position < bytes.length) {
      let record = scanRecord(bytes, position, atEnd, dialect);
      if (record.verdict === "incomplete") {
        if (bytes.length - position <= LONGEST_ROW) break;
        record = { ...scanRecord(bytes, position, true, dialect), verdict: "broken" };
      }
      position = this.#take(bytes, position, record, dialect);
    }
    return position;
  }

  /** @throws FileRefusedError when most of what was read is no row: quarantine is for rows, not for files. */
  stopOnRubbish(): void {
    if (this.#broken < MOST_BROKEN_ROWS || this.#broken * 2 < this.rows) return;
    throw new FileRefusedError(
      `is broken: ${this.#broken} of its first ${this.rows} rows have broken quotes or columns`,
      {
        advice: "Look at its delimiter and quotes, and export it again.",
      },
    );
  }

  #findDialect(bytes: Buffer, atEnd: boolean): Dialect | undefined {
    const feed = bytes.indexOf(10);
    const carriage = bytes.indexOf(13);
    if (!atEnd && feed < 0 && bytes.length < LONGEST_ROW) return undefined;
    const { delimiter, quoted } = this.#options;
    return dialectOf(delimiter, quoted, feed < 0 && carriage >= 0 ? "\r" : "\n");
  }

  /** Handles one scanned record; returns where the next one starts. */
  #take(bytes: Buffer, start: number, record: ScannedRecord, dialect: Dialect): number {
    const isBlank = record.end === start && record.verdict !== "broken";
    if (isBlank) return record.next;
    if (!this.header) return this.#takeHeader(bytes, start, record);
    const width = this.header.length;
    const isSound = record.verdict !== "broken";
    if (isSound && record.columns === width) {
      this.rows += 1;
      if (record.verdict === "plain") this.#out.write(this.rows + this.#prefixEnd, bytes, start, record.end);
      else this.#rewrite(bytes, start, record.end, width);
      return record.next;
    }
    if (isSound && this.#canPad(record)) {
      this.rows += 1;
      const missing = this.#options.delimiter.repeat(width - record.columns);
      if (record.verdict === "plain") this.#out.write(this.rows + this.#prefixEnd, bytes, start, record.end, missing);
      else this.#rewrite(bytes, start, record.end, width);
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
  #refuse(bytes: Buffer, start: number, record: ScannedRecord, dialect: Dialect): number {
    const newline = bytes.indexOf(dialect.newline.charCodeAt(0), start);
    const lineEnd = newline < 0 ? bytes.length : newline;
    const isTooLong = lineEnd - start > LONGEST_ROW;
    const isQuote = record.verdict === "broken" || record.secondLine >= 0;
    this.rows += 1;
    this.#broken += 1;
    const columns = `${record.columns} columns instead of ${this.header?.length ?? 0}`;
    this.#options.onBroken({
      rowNo: this.rows,
      reason: isTooLong ? "too_long" : "unreadable_row",
      problem: isTooLong ? `longer than ${LONGEST_ROW >> 20} MB` : isQuote ? "broken quotes" : columns,
      raw: startOf(bytes, start, lineEnd),
    });
    return isTooLong ? this.#skipLine(bytes, start, dialect) : Math.min(bytes.length, lineEnd + 1);
  }

  /** Where the next line begins; all of `bytes` when that is not in them. */
  #skipLine(bytes: Buffer, start: number, dialect: Dialect): number {
    const newline = bytes.indexOf(dialect.newline.charCodeAt(0), start);
    this.#isSkipping = newline < 0;
    return newline < 0 ? bytes.length : newline + 1;
  }

  #takeHeader(bytes: Buffer, start: number, record: ScannedRecord): number {
    if (record.verdict === "broken" && bytes.length - start > LONGEST_ROW && !bytes.subarray(start).includes(10)) {
      throw new FileRefusedError(`has a first line longer than ${LONGEST_ROW >> 20} MB: no table`);
    }
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
    this.#out.write(this.rows + this.#prefixEnd, line);
  }
}

function startOf(bytes: Buffer, start: number, end: number): string {
  const most = Math.min(end, start + 4 * RAW_CHARACTERS);
  return bytes.subarray(start, most).toString("utf8").trimEnd().slice(0, RAW_CHARACTERS);
}
