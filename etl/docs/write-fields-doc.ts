// npm run docs: docs/fields.md from etl/entities.ts, so that whoever writes a mapping reads what the cast step does.
// In: ENTITIES. Out: docs/fields.md.
import path from "node:path";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";
import { describeError } from "../../shared/errors.ts";
import { writeFileAtomic } from "../../shared/files.ts";
import { ENTITIES, type Entity, type FieldType } from "../entities.ts";

export const FIELDS_DOCUMENT = path.join(PROJECT_ROOT, "docs", "fields.md");

/** What may stand in a cell, and what becomes of it. */
const TYPES: Readonly<Record<FieldType, string>> = {
  text: "Trimmed; an empty cell is none",
  code: "As text; e-mail addresses, phone, card and bank numbers somebody typed there are masked",
  free_text: "As text; e-mail addresses, phone, card and bank numbers and addresses are masked",
  identity: "E-mail, phone or account id of a person; only its keyed hash is kept",
  score:
    "An answer on the row's `scale`: `1-5` takes numbers from 1 to 5 (means such as 4.5 too), `good_bad` takes good and bad; offered and unoffered are no answer yet; all else is `bad_score`",
  country: "ISO 3166-1 code of two or three letters; names need `values`",
  currency: "ISO 4217 code",
  integer: "Whole number",
  decimal: "Number with a dot; `decimal_comma: true` reads `1.234,50`",
  boolean: "true, false, 1, 0, yes, no, y, n, t, f",
  time: "ISO 8601, with an offset or in the mapping's `time_zone`, or a day alone; other forms need `format`",
  date: "Day, as it is written; what follows the day is ignored",
};

const INTRODUCTION = `# Fields

Made by \`npm run docs\` from \`etl/entities.ts\`. The entities that [mapping files](../etl/sources/tabular/README.md) and sources fill. A row without
a field marked **required** is refused; a value that cannot be read as its type is left empty. Both are told, with file and row, in
\`main.quarantine\`. Of rows with the same system and key (marked *key*) the newest \`updated_at\` wins, then the later file, then the later row.
`;

/** The whole document as Markdown. */
export function fieldsDocument(): string {
  const types = Object.entries(TYPES).map(([type, text]) => `| \`${type}\` | ${text} |`);
  return [
    INTRODUCTION,
    ...ENTITIES.map(section),
    `## Types\n\n| type | what may stand there |\n|---|---|\n${types.join("\n")}\n`,
  ].join("\n");
}

function section({ name, key, fields }: Entity): string {
  const rows = fields.map((field) => {
    const marks = [field.required ? "**required**" : "", field.name === key ? "*key*" : ""].filter(Boolean).join(", ");
    return `| \`${field.name}\` | ${field.type} | ${marks} | ${field.description} |`;
  });
  return `## ${name}\n\n| field | type | | meaning |\n|---|---|---|---|\n${rows.join("\n")}\n`;
}

if (process.argv[1] === import.meta.filename) {
  try {
    await writeFileAtomic(FIELDS_DOCUMENT, fieldsDocument());
  } catch (error) {
    console.error(describeError(error));
    process.exitCode = 1;
  }
}
