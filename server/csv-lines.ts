// RFC 4180: CRLF, quotes doubled. Text that a spreadsheet would run as a formula is made text.

/** `=`, `+`, `-`, `@` begin formulas, also in their wide forms; tab and carriage return lead up to one. */
const FORMULA = /^[\s]*[=+\-@＝＋－＠]|^[\t\r]/;
const NEEDS_QUOTES = /[",\r\n]/;

export const CRLF = "\r\n";
/** Tells Excel that the file is UTF-8. */
export const BYTE_ORDER_MARK = "\uFEFF";

/** @param isText false for numbers, which may begin with a minus sign */
export function csvCell(value: unknown, isText: boolean): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "string" ? value : typeof value === "bigint" ? value.toString() : JSON.stringify(value);
  const safe = isText && FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csvLine(cells: readonly string[]): string {
  return cells.join(",") + CRLF;
}
