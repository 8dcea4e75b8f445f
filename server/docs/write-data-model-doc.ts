// npm run docs: docs/data-model.md. In: cube/model, cube/definitions, etl/models, etl/entities.ts.
import path from "node:path";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";
import { describeError } from "../../shared/errors.ts";
import { writeFileAtomic } from "../../shared/files.ts";
import { dataModelDocument } from "./data-model-doc.ts";

export const DATA_MODEL_DOCUMENT = path.join(PROJECT_ROOT, "docs", "data-model.md");

if (process.argv[1] === import.meta.filename) {
  try {
    await writeFileAtomic(DATA_MODEL_DOCUMENT, await dataModelDocument());
  } catch (error) {
    console.error(describeError(error));
    process.exitCode = 1;
  }
}
