// Finds the records of delimited text in bytes, so that a broken row costs itself and not the file.
// DuckDB reads the values; this only decides where rows begin and end, and which of them are sound.

const LF = 10;
const CR = 13;
const QUOTE = 34;

export interface Dialect {
  readonly delimiter: number;
  /** false: a quote is a literal character. */
  readonly quoted: boolean;
  /** Files of old Mac software end lines with a carriage return alone. */
  readonly newline: "\n" | "\r";
  /** By byte: 1 where it means something; all else is passed over. */
  readonly signs: Uint8Array;
}

export function dialectOf(delimiter: string, quoted: boolean, newline: "\n" | "\r"): Dialect {
  const signs = new Uint8Array(256);
  for (const sign of [delimiter.charCodeAt(0), LF, CR, QUOTE]) signs[sign] = 1;
  return { delimiter: delimiter.charCodeAt(0), quoted, newline, signs };
}

export interface ScannedRecord {
  /** `plain` can be copied; `rewrite` holds a literal quote or carriage return; `incomplete` needs more bytes. */
  readonly verdict: "plain" | "rewrite" | "broken" | "incomplete";
  /** End of its content, start of the next record. */
  readonly end: number;
  readonly next: number;
  readonly columns: number;
  /** Start of the second physical line when it spans several, else -1. */
  readonly secondLine: number;
  /** Whether a line end closes it; false for the last bytes of a cut file. */
  readonly isClosed: boolean;
}

/** Scans one record from `start`; `atEnd` tells that no bytes follow `bytes`. */
export function scanRecord(bytes: Buffer, start: number, atEnd: boolean, dialect: Dialect): ScannedRecord {
  const { delimiter, quoted, signs } = dialect;
  const newline = dialect.newline === "\n" ? LF : CR;
  const length = bytes.length;
  let position = start;
  let columns = 1;
  let rewrite = false;
  let secondLine = -1;
  let fieldStart = start;
  for (;;) {
    while (position < length && signs[bytes[position] as number] === 0) position += 1;
    if (position >= length) break;
    const byte = bytes[position];
    if (byte === newline) break;
    if (byte === delimiter) {
      columns += 1;
      fieldStart = position + 1;
    } else if (byte === QUOTE && quoted && position === fieldStart) {
      const close = closingQuote(bytes, position + 1);
      if (close < 0 || (close + 1 >= length && !atEnd)) return cut(atEnd, start, columns, secondLine, bytes, newline);
      if (secondLine < 0) {
        const inner = lineEndWithin(bytes, position, close, newline);
        if (inner >= 0) secondLine = inner + 1;
      }
      position = close + 1;
      if (position < length && !endsField(bytes, position, delimiter, newline)) {
        return { verdict: "broken", end: position, next: position, columns, secondLine, isClosed: true };
      }
      continue;
    } else if (byte === QUOTE) rewrite = true;
    else if (byte === CR && bytes[position + 1] !== LF) rewrite = position + 1 < length || rewrite;
    position += 1;
  }
  const isClosed = position < length;
  if (!isClosed && !atEnd) return cut(false, start, columns, secondLine, bytes, newline);
  const end = position > start && newline === LF && bytes[position - 1] === CR ? position - 1 : position;
  const next = Math.min(length, position + 1);
  return { verdict: rewrite ? "rewrite" : "plain", end, next, columns, secondLine, isClosed };
}

function lineEndWithin(bytes: Buffer, from: number, to: number, newline: number): number {
  for (let at = from; at < to; at += 1) if (bytes[at] === newline) return at;
  return -1;
}

/** Index of the quote that closes the field begun before `from`; -1 when it is not in `bytes`. */
function closingQuote(bytes: Buffer, from: number): number {
  let at = bytes.indexOf(QUOTE, from);
  while (at >= 0 && bytes[at + 1] === QUOTE) at = bytes.indexOf(QUOTE, at + 2);
  return at;
}

function endsField(bytes: Buffer, position: number, delimiter: number, newline: number): boolean {
  const byte = bytes[position];
  if (byte === delimiter || byte === newline) return true;
  return byte === CR && (position + 1 >= bytes.length || bytes[position + 1] === LF);
}

function cut(
  atEnd: boolean,
  start: number,
  columns: number,
  secondLine: number,
  bytes: Buffer,
  newline: number,
): ScannedRecord {
  if (!atEnd) return { verdict: "incomplete", end: start, next: start, columns, secondLine, isClosed: false };
  const lineEnd = bytes.indexOf(newline, start);
  return {
    verdict: "broken",
    end: bytes.length,
    next: bytes.length,
    columns,
    secondLine: secondLine >= 0 ? secondLine : lineEnd >= 0 ? lineEnd + 1 : -1,
    isClosed: false,
  };
}

/** The fields of one sound record, unquoted. */
export function splitFields(record: string, delimiter: string, quoted: boolean): string[] {
  if (!quoted || !record.includes('"')) return record.split(delimiter);
  const fields: string[] = [];
  let position = 0;
  for (;;) {
    if (record[position] === '"') {
      let close = record.indexOf('"', position + 1);
      while (record[close + 1] === '"') close = record.indexOf('"', close + 2);
      fields.push(record.slice(position + 1, close).replaceAll('""', '"'));
      position = close + 1;
    } else {
      const end = record.indexOf(delimiter, position);
      fields.push(record.slice(position, end < 0 ? record.length : end));
      position = end < 0 ? record.length : end;
    }
    if (position >= record.length) return fields;
    position += 1;
  }
}

/** One record without its line end; fields are quoted where they must be. */
export function joinFields(fields: readonly string[], delimiter: string): string {
  return fields
    .map((field) => (needsQuotes(field, delimiter) ? `"${field.replaceAll('"', '""')}"` : field))
    .join(delimiter);
}

function needsQuotes(field: string, delimiter: string): boolean {
  return field.includes('"') || field.includes(delimiter) || field.includes("\n") || field.includes("\r");
}
