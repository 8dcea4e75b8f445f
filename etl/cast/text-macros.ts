// SQL macros for people's data: keyed hashes for identities, masks for free text.
// Masking errs on the side of hiding: a long number in a message may be masked though it was no card.
import type { DuckDBConnection } from "@duckdb/node-api";
import { sqlString } from "../../shared/duckdb.ts";

const IBAN_COUNTRIES =
  "AD|AE|AL|AT|AZ|BA|BE|BG|BH|BR|CH|CR|CY|CZ|DE|DK|DO|EE|ES|FI|FO|FR|GB|GE|GI|GL|GR|GT|HR|HU|IE|IL|IS|IT|JO|KW|KZ|LB|LI|" +
  "LT|LU|LV|MC|MD|ME|MK|MR|MT|MU|NL|NO|PK|PL|PS|PT|QA|RO|RS|SA|SE|SI|SK|SM|TN|TR|UA|VG|XK";

const STREET_EN = "street|st|road|rd|avenue|ave|boulevard|blvd|lane|ln|drive|dr|court|ct|terrace|close|crescent|way";
/** Before a number ("the best way 2", "please close 5") only with capitals like a name's. */
const STREET_NAME_EN =
  "Street|St|Road|Rd|Avenue|Ave|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Terrace|Close|Crescent|Way";

/** Applied in this order: a later rule must not eat what an earlier one names. */
const MASKS: readonly { label: string; pattern: string; flags: string }[] = [
  { label: "[email]", pattern: "[\\pL\\pN._%+-]+@[\\pL\\pN-]+(?:\\.[\\pL\\pN-]+)+", flags: "g" },
  {
    label: "[iban]",
    pattern: `\\b(?:${IBAN_COUNTRIES})\\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\\b`,
    flags: "g",
  },
  {
    label: "[card]",
    pattern: "\\b(?:\\d{4}[ -]?\\d{4}[ -]?\\d{4}[ -]?\\d{1,7}|\\d{4}[ -]?\\d{6}[ -]?\\d{5})\\b",
    flags: "g",
  },
  {
    label: "[phone]",
    pattern:
      "\\+\\d[\\d ().-]{6,16}\\d|\\b00[1-9][\\d ().-]{6,16}\\d\\b|\\(\\d{3}\\) ?\\d{3}[-. ]\\d{4}\\b|" +
      "\\b\\d{3}[-. ]\\d{3}[-. ]\\d{4}\\b|\\b0[1-9]\\d{0,4}[ /.-]?\\d[\\d .-]{4,11}\\d\\b|\\b1[3-9]\\d[ -]?\\d{4}[ -]?\\d{4}\\b",
    flags: "g",
  },
  {
    label: "[address]",
    pattern: `\\b\\p{Lu}[^\\s,;\\d]* (?:\\p{Lu}[^\\s,;\\d]* ){0,2}(?:${STREET_NAME_EN})\\b\\.?,? (?:[Nn]o\\.? ?)?\\d{1,5}[a-zA-Z]?\\b`,
    flags: "g",
  },
  {
    label: "[address]",
    pattern:
      `\\b\\d{1,5}[a-z]?,? (?:[^\\s,;\\d]+ ){1,4}(?:${STREET_EN})\\b\\.?|` +
      "\\b(?:[^\\s,;\\d]+ ){1,2}(?:street|avenue|boulevard),? (?:no\\.? ?)?\\d{1,5}[a-z]?\\b|" +
      "\\b\\pL[\\pL.-]*(?:straße|strasse|str\\.?|gasse|allee|weg|platz|ring|ufer|damm) ?\\d{1,4} ?[a-z]?\\b|" +
      "\\b\\pL[\\pL-]* (?:straße|strasse|str\\.|gasse|allee|weg|platz|ring|ufer|damm) \\d{1,4} ?[a-z]?\\b|" +
      "\\b\\d{1,4},? (?:rue|avenue|boulevard|chemin|impasse|allée|place) [^\\s,;\\d]+(?: [^\\s,;\\d]+){0,3}|" +
      "\\b(?:calle|via|viale|piazza|rua|avenida) [^\\s,;\\d]+(?: [^\\s,;\\d]+){0,3},? \\d{1,5}\\b",
    flags: "gi",
  },
  { label: "[address]", pattern: "\\p{Han}+(?:路|街|道|巷|弄)\\d{1,5}[号號弄]", flags: "g" },
];

const CODE_MASKS = new Set(["[email]", "[iban]", "[card]", "[phone]"]);

/** A word without a space, an @ or a + is taken for a code, whatever its digits; one as long as a card's number is not. */
const MAYBE_NO_CODE = String.raw`[@+]|\d.*\s|\s.*\d|\d{15}`;

/**
 * Creates `mask_text(text)`, `mask_code(text)` (the same without addresses, for codes), `hash_identity(text)` (32 hex characters, the same person under the same key only) and
 * `row_shape(text)` (letters → x, digits → 9: shows where a row broke without what it said).
 */
export async function createTextMacros(connection: DuckDBConnection, hashKey: string): Promise<void> {
  // Text without a digit or an @ holds nothing the masks could find; most messages are such.
  await connection.run(
    `create or replace temp macro mask_text(t) as case when regexp_matches(t, '[0-9@]') then ${maskedBy(MASKS)} else t end`,
  );
  const codeMasks = MASKS.filter(({ label }) => CODE_MASKS.has(label));
  await connection.run(
    `create or replace temp macro mask_code(t) as
     case when regexp_matches(t, ${sqlString(MAYBE_NO_CODE)}) then ${maskedBy(codeMasks)} else t end`,
  );
  await connection.run(
    `create or replace temp macro hash_identity(t) as left(sha256(${sqlString(`${hashKey}:`)} || lower(trim(t))), 32)`,
  );
  await connection.run(
    `create or replace temp macro row_shape(t) as
     regexp_replace(regexp_replace(left(t, 300), '\\p{L}', 'x', 'g'), '\\d', '9', 'g')`,
  );
}

function maskedBy(masks: typeof MASKS): string {
  return masks.reduce(
    (masked, { label, pattern, flags }) =>
      `regexp_replace(${masked}, ${sqlString(pattern)}, ${sqlString(label)}, '${flags}')`,
    "t",
  );
}
