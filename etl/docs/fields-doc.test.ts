import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { FIELDS_DOCUMENT, fieldsDocument } from "./write-fields-doc.ts";

test("docs/fields.md says what etl/entities.ts says (npm run docs writes it)", async () => {
  expect(await readFile(FIELDS_DOCUMENT, "utf8")).toBe(fieldsDocument());
});
