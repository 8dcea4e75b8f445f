// What is wrong with a code that a seller mapped a word to, and which codes were probably meant.
import { nearest } from "../settings/nearest.ts";
import type { CanonicalCode, MapName } from "./canonical-codes.ts";

const SHOWN = 6;
/** A marketplace of its own is no mistake; a slip of a known one is. */
const OPEN_LISTS: ReadonlySet<MapName> = new Set(["contact_channels", "sales_channels"]);
const NEW_CODE = /^[\p{Ll}\p{Lo}\d][\p{Ll}\p{Lo}\d_]{0,39}$/u;

/** `unknown code "qualty_defect" (did you mean "quality_defect"?)`; undefined when the code is all right. */
export function unknownCode(map: MapName, code: string, known: readonly CanonicalCode[]): string | undefined {
  const codes = known.map((each) => each.code);
  if (codes.includes(code)) return undefined;
  const meant = nearest(code, codes);
  if (OPEN_LISTS.has(map) && meant === "" && NEW_CODE.test(code)) return undefined;
  const byLabel = known.find(({ labelEn, labelZh }) => [labelEn.toLowerCase(), labelZh].includes(code));
  const hint =
    meant || (byLabel ? ` (did you mean "${byLabel.code}"?)` : ` (known: ${likeliest(code, codes).join(", ")}, …)`);
  return `the unknown code "${code}"${hint}`;
}

/** Codes that share most letter pairs with it. */
function likeliest(code: string, codes: readonly string[]): string[] {
  const wanted = pairsOf(code);
  const shared = (other: string) => [...pairsOf(other)].filter((pair) => wanted.has(pair)).length;
  return codes.toSorted((a, b) => shared(b) - shared(a)).slice(0, SHOWN);
}

function pairsOf(text: string): Set<string> {
  return new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2)));
}
