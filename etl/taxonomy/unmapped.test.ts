import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parse } from "yaml";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dataDirectory, PROJECT_ROOT, type DataDirectory } from "../../shared/data-directory.ts";
import { runPipeline } from "../pipeline.ts";
import { parseSellerTaxonomy } from "./seller-taxonomy.ts";
import { describeQueue, queueSkeleton, unmappedQueue, type UnmappedQueue } from "./unmapped.ts";

let folder: string;
let data: DataDirectory;
let queue: UnmappedQueue;

const TICKETS = `No,Opened,Why,Title,State
1,2026-05-01T10:00:00Z,Motor brummt,Der Mixer macht Lärm,Im Regal
2,2026-05-02T10:00:00Z,Motor brummt,"Mixer, laut",Im Regal
3,2026-05-03T10:00:00Z,Naht gerissen: neu,Hose,Open
4,2026-05-04T10:00:00Z,late delivery,Wo bleibt es?,Open
`;
const MAPPING = `entity: tickets
system: desk
files: tickets.csv
time_zone: UTC
columns: { ticket_id: No, created_at: Opened, reason_raw: Why, subject: Title, status: State }
`;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "unmapped-"));
  data = dataDirectory(path.join(folder, "data"));
  const inbox = path.join(folder, "inbox");
  await mkdir(path.join(inbox, "desk"), { recursive: true });
  await writeFile(path.join(inbox, "desk", "tickets.csv"), TICKETS);
  await writeFile(path.join(inbox, "desk", "tickets.mapping.yml"), MAPPING);
  await runPipeline({ inbox, data, report: () => {} });
  queue = await unmappedQueue(data);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("the queue has every word no map knows, most rows first, with its share, examples and a guess", () => {
  expect(queue.words).toEqual([
    {
      map: "reasons",
      system: "desk",
      raw: "Motor brummt",
      rows: 2,
      share: 0.5,
      examples: ["Der Mixer macht Lärm", "Mixer, laut"],
      guess: "quality_defect",
    },
    {
      map: "ticket_statuses",
      system: "desk",
      raw: "Im Regal",
      rows: 2,
      share: 0.5,
      examples: ["Der Mixer macht Lärm", "Mixer, laut"],
      guess: null,
    },
    {
      map: "reasons",
      system: "desk",
      raw: "Naht gerissen: neu",
      rows: 1,
      share: 0.25,
      examples: ["Hose"],
      guess: "quality_defect",
    },
  ]);
  expect(describeQueue(queue)[0]).toContain("3 words that no map knows, on 5 rows");
});

test("the skeleton maps nothing as it is, and all once the marks are taken off", async () => {
  const skeleton = queueSkeleton(queue);
  const asItIs = await parseSellerTaxonomy(skeleton);
  expect(Object.values(asItIs.words).flat()).toEqual([]);
  const filledIn = skeleton.replaceAll(/^ {2}# - /gm, "  - ").replace("status:  }", "status: solved }");
  expect(Object.keys(parse(filledIn) as object)).toEqual(["version", "reasons", "ticket_statuses"]);
  const { words } = await parseSellerTaxonomy(filledIn);
  expect(words.reasons).toEqual([
    { source: "desk", raw: "motor brummt", code: "quality_defect" },
    { source: "desk", raw: "naht gerissen: neu", code: "quality_defect" },
  ]);
  expect(words.ticket_statuses).toEqual([{ source: "*", raw: "im regal", code: "solved" }]);
});

test("the command prints, writes a file that is not there yet, and says what to do without a version", async () => {
  const file = path.join(folder, "taxonomy.yml");
  const command = (...more: string[]) =>
    spawnSync("npx", ["tsx", "etl/taxonomy/main.ts", "unmapped", ...more], { cwd: PROJECT_ROOT, encoding: "utf8" });
  const first = command("--data-dir", data.root, "--json", "--write", file);
  expect(first.status).toBe(0);
  expect(JSON.parse(first.stdout)).toEqual(queue);
  expect(await readFile(file, "utf8")).toBe(queueSkeleton(queue));
  const again = command("--data-dir", data.root, "--write", file);
  expect(again.status).toBe(1);
  expect(again.stderr).toContain("is there already");
  const nowhere = command("--data-dir", path.join(folder, "nowhere"));
  expect(nowhere.stderr).toContain("Run `npm run pipeline` first");
});
