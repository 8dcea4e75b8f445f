// Names from the exports are foreign input: on one line, without control or direction marks, of bounded length.
import { shorten } from "./read-quotes.ts";

// Control characters, line separators, and marks that reorder or hide the text around them (Trojan Source, CVE-2021-42574).
const INVISIBLE = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

/** One visible line of at most `length` characters. */
export function cleanLine(text: string, length = 120): string {
  return shorten(text.replace(INVISIBLE, " ").replace(/\s+/g, " ").trim(), length);
}
