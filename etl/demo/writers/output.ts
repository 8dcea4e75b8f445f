// Files that rotate by size and are written in large pieces, with as little in memory as possible.
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import path from "node:path";
import iconv from "iconv-lite";

const PIECE_CHARACTERS = 1 << 20;

export interface RotationOptions {
  readonly folder: string;
  /** Name of the n-th file, n from 1. */
  readonly nameOf: (n: number) => string;
  readonly header: string;
  readonly rowsPerFile: number;
  /** Encoding as iconv-lite names it; UTF-8 when left out. */
  readonly encoding?: string;
}

/** One open text file. */
export class TextFile {
  private readonly handle: number;
  private readonly encoding: string;
  private pending: string[] = [];
  private pendingCharacters = 0;

  constructor(file: string, encoding = "utf8") {
    mkdirSync(path.dirname(file), { recursive: true });
    this.handle = openSync(file, "wx");
    this.encoding = encoding;
  }

  write(text: string): void {
    this.pending.push(text);
    this.pendingCharacters += text.length;
    if (this.pendingCharacters > PIECE_CHARACTERS) this.flush();
  }

  close(): void {
    this.flush();
    closeSync(this.handle);
  }

  private flush(): void {
    const text = this.pending.join("");
    this.pending = [];
    this.pendingCharacters = 0;
    let bytes = this.encoding === "utf8" ? Buffer.from(text) : iconv.encode(text, this.encoding);
    while (bytes.length > 0) bytes = bytes.subarray(writeSync(this.handle, bytes));
  }
}

/** Rows into files of at most so many rows, each with the header. No rows: no file. */
export class RotatingFile {
  readonly options: RotationOptions;
  rows = 0;
  private file: TextFile | null = null;
  private fileNumber = 0;
  private rowsInFile = 0;

  constructor(options: RotationOptions) {
    this.options = options;
  }

  row(text: string): void {
    if (!this.file || this.rowsInFile >= this.options.rowsPerFile) this.next();
    this.file?.write(text);
    this.rowsInFile++;
    this.rows++;
  }

  close(): void {
    this.file?.close();
    this.file = null;
  }

  private next(): void {
    this.close();
    const { folder, nameOf, header, encoding } = this.options;
    this.file = new TextFile(path.join(folder, nameOf(++this.fileNumber)), encoding);
    this.file.write(header);
    this.rowsInFile = 0;
  }
}

export function writeMapping(file: string, text: string): void {
  const mapping = new TextFile(file);
  mapping.write(text);
  mapping.close();
}

/** A CSV cell, quoted where it has to be. */
export function csvCell(value: string | number, delimiter = ","): string {
  if (typeof value === "number") return String(value);
  const isPlain = !value.includes('"') && !value.includes(delimiter) && !value.includes("\n");
  return isPlain ? value : `"${value.replaceAll('"', '""')}"`;
}

export function csvRow(cells: readonly (string | number)[], delimiter = ","): string {
  let text = csvCell(cells[0] ?? "", delimiter);
  for (let i = 1; i < cells.length; i++) text += delimiter + csvCell(cells[i] ?? "", delimiter);
  return `${text}\n`;
}
