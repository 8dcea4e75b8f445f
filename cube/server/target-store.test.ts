import { spawn } from "node:child_process";
import { appendFile, mkdir, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { once } from "node:events";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dataDirectory, PROJECT_ROOT, type DataDirectory } from "../../shared/data-directory.ts";
import { loadDefinitions } from "./definitions.ts";
import { loadDeliveredTargets } from "./targets.ts";
import { LOCAL_USER, TargetStore } from "./target-store.ts";

let folder: string;
let data: DataDirectory;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "targets-"));
  data = dataDirectory(folder);
  await mkdir(data.state, { recursive: true });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const delivered = {
  source: { en: "A guide.", zh: "指南。" },
  targets: {
    "service.response_rate_24h": {
      kind: "target",
      value: 1,
      direction: "at_least",
      wording: { en: "Within 24 hours.", zh: "24 小时内。" },
    },
  },
  promises: [],
} as const;
const RATE = "service.response_rate_24h";
const at = (minute: number) => `2026-03-05T06:0${minute}:00.000Z`;

function storeOf(minute = 0): TargetStore {
  return new TargetStore(data, { ...delivered, promises: [] }, () => new Date(at(minute++)));
}

test("what was delivered holds until the seller sets another, and again when that is taken back", async () => {
  const store = storeOf();
  expect((await store.all()).get(RATE)).toMatchObject({
    value: 1,
    origin: "delivered",
    kind: "target",
    changed_at: null,
  });
  expect(await store.history(RATE)).toEqual([]);

  await store.set(RATE, { value: 0.9, direction: "at_least" }, LOCAL_USER);
  expect((await store.all()).get(RATE)).toEqual({
    measure: RATE,
    value: 0.9,
    direction: "at_least",
    kind: "target",
    origin: "own",
    wording: null,
    changed_at: at(0),
    changed_by: "local user",
  });
  await store.set(RATE, null, LOCAL_USER);
  expect((await store.all()).get(RATE)).toMatchObject({ value: 1, origin: "delivered", changed_at: at(1) });
  expect(await store.history(RATE)).toEqual([
    {
      at: at(0),
      who: "local user",
      old: { value: 1, direction: "at_least" },
      new: { value: 0.9, direction: "at_least" },
    },
    {
      at: at(1),
      who: "local user",
      old: { value: 0.9, direction: "at_least" },
      new: { value: 1, direction: "at_least" },
    },
  ]);
});

test("a figure without a delivered target gets one, and loses it again", async () => {
  const store = storeOf();
  await store.set("sales.orders", { value: 1000, direction: "at_least" }, LOCAL_USER);
  expect((await store.all()).get("sales.orders")).toMatchObject({ value: 1000, kind: "target", origin: "own" });
  await store.set("sales.orders", null, LOCAL_USER);
  expect((await store.all()).has("sales.orders")).toBe(false);
  expect((await store.history("sales.orders")).map((change) => change.new?.value ?? null)).toEqual([1000, null]);
});

test("two processes writing at once lose nothing", async () => {
  const script = `
    import { TargetStore } from "./cube/server/target-store.ts";
    import { dataDirectory } from "./shared/data-directory.ts";
    const [folder, who] = process.argv.slice(-2);
    const store = new TargetStore(dataDirectory(folder), { targets: {} });
    await Promise.all(Array.from({ length: 25 }, (_, n) => store.set("sales.orders", { value: n, direction: "at_least" }, who)));
  `;
  const writers = ["one", "two"].map((who) =>
    spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", script, folder, who], {
      cwd: PROJECT_ROOT,
      stdio: "inherit",
    }),
  );
  expect((await Promise.all(writers.map((writer) => once(writer, "exit")))).map(([code]) => code as number)).toEqual([
    0, 0,
  ]);
  const history = await storeOf().history("sales.orders");
  for (const who of ["one", "two"]) {
    const values = history.filter((change) => change.who === who).map((change) => change.new?.value ?? -1);
    expect(values.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, n) => n));
  }
  // Each change begins where the one before it ended.
  expect(history.slice(1).map((change) => change.old)).toEqual(history.slice(0, -1).map((change) => change.new));
});

test("a line that a crash cut short is left out, and the next one is not lost with it", async () => {
  const store = storeOf();
  const file = path.join(data.state, "targets.jsonl");
  await store.set(RATE, { value: 0.8, direction: "at_least" }, LOCAL_USER);
  await appendFile(file, '{"measure":"service.response_rate_24h","target":{"val');
  await store.set(RATE, { value: 0.7, direction: "at_least" }, LOCAL_USER);
  expect((await store.history(RATE)).map((change) => change.new?.value)).toEqual([0.8, 0.7]);
  expect((await readFile(file, "utf8")).split("\n")).toHaveLength(4);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test("what can't be kept is said", async () => {
  await rm(data.state, { recursive: true });
  await expect(storeOf().set(RATE, null, LOCAL_USER)).rejects.toMatchObject({
    message: expect.stringContaining("can't be kept") as string,
    state: "The former target holds.",
  });
});

test("every delivered target and promise is about a figure there is", async () => {
  const { targets, promises } = await loadDeliveredTargets();
  const cards = new Set((await loadDefinitions()).en.map(({ id }) => id));
  const named = [...Object.keys(targets), ...promises.flatMap(({ measures }) => measures)];
  expect(named.filter((measure) => !cards.has(measure))).toEqual([]);
  expect(promises.map(({ value, unit }) => `${value} ${unit}`)).toEqual(["24 hours", "7 business_days", "30 days"]);
});
