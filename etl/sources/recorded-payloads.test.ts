// Every recorded payload of every system, given to every reader: read, or refused with a reason, and each row accounted for.
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { accountProblems, accounts } from "./reader-accounts.testing.ts";
import { SOURCES } from "./sources.ts";

const DATA = path.join(import.meta.dirname, "../../../shared/data");
const FOLDERS = [
  "easypost_trackers",
  "zendesk_shapes",
  "shopify_shapes",
  "amazon_fba_shapes",
  "karrio_tracking",
  "support_tickets_8469",
];
const LARGEST = 4 << 20;
const PATIENCE_MS = 300_000;

async function payloads(): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const folder of FOLDERS) {
    for (const entry of await readdir(path.join(DATA, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      const bytes = await readFile(file);
      if (bytes.length <= LARGEST) files.set(path.relative(DATA, file).replaceAll(path.sep, "__"), bytes);
    }
  }
  return files;
}

const isThere = existsSync(path.join(DATA, "easypost_trackers"));
if (!isThere) console.log(`Skipped: no recorded payloads in ${DATA}`);

describe.runIf(isThere).each(SOURCES.map((source) => [source.system, source] as const))(
  "the reader of %s",
  (_, source) => {
    it("reads any recorded payload, or refuses it with a reason", { timeout: PATIENCE_MS }, async () => {
      const files = await payloads();
      const found = await accounts(source, files);
      const problems = [...files.keys()].flatMap((name) =>
        accountProblems(found.get(name)).map((problem) => `${name}: ${problem}`),
      );
      expect(problems).toEqual([]);
      expect(files.size).toBeGreaterThan(100);
    });
  },
);
