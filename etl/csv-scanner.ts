// Finds the records of delimited text in bytes, so that a broken row costs itself and not the file.
// DuckDB reads the values; this only decides where rows begin and end, and which of them are sound.

export interface Dialect {
  readonly delimiter: number;
  /** false: a quote is a literal character. */
  readonly quoted: boolean;
  /** Files of old Mac software end lines with a carriage return alone. */
  readonly newline: "\n" | "\r";
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

const LF = 10;
const CR = 13;
const QUOTE = 34;

/** Scans one record from `start`; `atEnd` tells that no bytes follow `bytes`. */
export function scanRecord(bytes: Buffer, start: number, atEnd: boolean, dialect: Dialect): ScannedRecord {
  const { delimiter, quoted } = dialect;
  const newline = dialect.newline === "\n" ? LF : CR;
  const length = bytes.length;
  let position = start;
  let columns = 1;
  let rewrite = false;
  let secondLine = -1;
  let isFieldStart = true;
  while (position < length) {
    const byte = bytes[position] as number;
    if (byte === newline) break;
    if (byte === delimiter) {
      columns += 1;
      isFieldStart = true;
    } else if (byte === QUOTE && quoted && isFieldStart) {
      const close = closingQuote(bytes, position + 1);
      if (close < 0 || (close + 1 >= length && !atEnd)) return cut(atEnd, start, columns, secondLine, bytes, newline);
      if (secondLine < 0) {
        const inner = bytes.indexOf(newline, position);
        if (inner >= 0 && inner < close) secondLine = inner + 1;
      }
      position = close + 1;
      if (position < length && !endsField(bytes, position, delimiter, newline)) {
        return { verdict: "broken", end: position, next: position, columns, secondLine, isClosed: true };
      }
      isFieldStart = false;
      continue;
    } else {
      if (byte === QUOTE) rewrite = true;
      else if (byte === CR && bytes[position + 1] !== LF) rewrite = position + 1 < length || rewrite;
      isFieldStart = false;
    }
    position += 1;
  }
  const isClosed = position < length;
  if (!isClosed && !atEnd) return cut(false, start, columns, secondLine, bytes, newline);
  const end = position > start && newline === LF && bytes[position - 1] === CR ? position - 1 : position;
  const next = Math.min(length, position + 1);
  return { verdict: rewrite ? "rewrite" : "plain", end, next, columns, secondLine, isClosed };
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
  const fields: string[] = [];
  let position = 0;
  for (;;) {
    if (quoted && record[position] === '"') {
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

/** One record with every field quoted, without its line end. */
export function joinFields(fields: readonly string[], delimiter: string): string {
  return fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(delimiter);
}
