import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { METRICS_DOCUMENT, metricsDocument } from "./write-metrics-doc.ts";

test("docs/metrics.md says what the definition cards say (npm run docs writes it)", async () => {
  expect(await readFile(METRICS_DOCUMENT, "utf8")).toBe(await metricsDocument());
});
