// Switching between published snapshots: under load, with broken files, and from nothing.
import { copyFile, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { buildMartsFixture, fixtureVersion, pointTo, publishMartsFixture } from "../testing/marts-fixture.ts";
import { signingKey } from "./auth.ts";
import { CubeService } from "./cube-service.ts";
import { connectTo, withCube, type Load } from "./with-cube.ts";

const SECRET = "k".repeat(64);
const key = signingKey(SECRET);
let folder: string;
let published: string;
let service: CubeService | undefined;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "snapshots-"));
  published = path.join(folder, "published");
});

afterEach(async () => {
  await service?.close();
  service = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function start(graceMs = 200): Promise<CubeService> {
  const temporaryDirectory = path.join(folder, "tmp");
  service = await CubeService.create({ publishedDirectory: published, temporaryDirectory, key, graceMs });
  return service;
}

/** The version whose content answered: version n has n more tickets than the first. */
const QUESTIONS: ((load: Load, salt: number) => Promise<number>)[] = [
  async (load) => Number((await load({ measures: ["service.tickets"] }))[0]?.["service.tickets"]) - 400,
  async (load) =>
    Number((await load({ dimensions: ["data_status.version"] }))[0]?.["data_status.version"]) -
    fixtureVersion("", 0).version,
  // Never asked before, so never from a cache.
  async (load, salt) => {
    const filters = [{ member: "service.subject", operator: "notEquals" as const, values: [`none ${salt}`] }];
    return Number((await load({ measures: ["service.tickets"], filters }))[0]?.["service.tickets"]) - 400;
  },
];

/** Turns a few bytes of each block in the middle half, which leaves the header and the catalogue at the end as they are. */
async function damage(file: string): Promise<void> {
  const content = await readFile(file);
  for (let at = Math.floor(content.length / 4); at < content.length * 0.75; at += 50_000)
    content[at] = 255 - (content[at] ?? 0);
  await writeFile(file, content);
}

test("20 switches under load: no request fails and no answer is older than what was seen before it was asked", async () => {
  const count = 20;
  for (let n = 1; n <= count + 1; n += 1) {
    const more = `insert into tickets select * exclude (n) replace ('more ' || n as ticket_id, 'more' as subject)
      from (select * from tickets limit 1), range(${n}) as more(n)`;
    await buildMartsFixture(published, n, more);
  }
  await pointTo(published, fixtureVersion(published, 1).versionName);
  const cube = await connectTo(await start(), key);
  service?.follow(20, () => {});

  const seen = { newest: 0, running: true, asked: 0 };
  const stale: string[] = [];
  const client = async (id: number) => {
    for (let turn = 0; seen.running; turn += 1) {
      const question = QUESTIONS[turn % QUESTIONS.length] as (typeof QUESTIONS)[number];
      const before = seen.newest;
      const version = await question(cube.load, id * 1_000_000 + turn);
      seen.asked += 1;
      if (version < before) stale.push(`${turn % QUESTIONS.length}: ${version} after ${before}`);
      seen.newest = Math.max(seen.newest, version);
    }
  };
  const clients = Promise.all(Array.from({ length: 6 }, (_, id) => client(id)));
  try {
    for (let n = 2; n <= count + 1; n += 1) {
      await pointTo(published, fixtureVersion(published, n).versionName);
      await Promise.race([clients, vi.waitFor(() => expect(seen.newest).toBe(n), { timeout: 30_000, interval: 10 })]);
    }
  } finally {
    seen.running = false;
    await clients;
  }
  expect(stale).toEqual([]);
  expect(seen.asked).toBeGreaterThan(100);
  console.log(`${count} switches, ${seen.asked} answers, none stale, none failed`);
}, 180_000);

describe("a version that can't be served", () => {
  const rebuilt = (sql: string) => async (file: string, n: number) => {
    await rm(file);
    await buildMartsFixture(published, n, sql);
  };
  const breakages: [name: string, reason: RegExp, breakFile: (file: string, n: number) => Promise<unknown>][] = [
    ["is no DuckDB file", /not a valid DuckDB/i, (file) => writeFile(file, "garbage".repeat(4000))],
    ["is cut short", /could not read/i, async (file) => truncate(file, Math.floor((await readFile(file)).length / 2))],
    ["is damaged in the middle", /checksum|corrupt/i, damage],
    ["is missing", /does not exist|no such file/i, (file) => rm(file)],
    ["lacks a mart", /lacks the tables tickets/, rebuilt("drop table tickets")],
    ["is without its own row", /`snapshot` is empty/, rebuilt("delete from snapshot")],
  ];

  test(`leaves the old one serving and says why: it ${breakages.map(([name]) => name).join(", ")}`, async () => {
    let serving = await publishMartsFixture(published, 1);
    const { snapshots } = await start();
    const cube = await connectTo(service as CubeService, key);
    const answering = async () =>
      (await cube.load({ dimensions: ["data_status.version"] }))[0]?.["data_status.version"];

    for (const [index, [, reason, breakFile]] of breakages.entries()) {
      const n = 2 + index * 2;
      const broken = await buildMartsFixture(published, n);
      await breakFile(broken.file, n);
      await pointTo(published, broken.versionName);
      await snapshots.refresh();
      expect(snapshots.switchError).toMatch(reason);
      expect(snapshots.switchError).toContain(`Version ${serving.versionName} goes on serving`);
      expect(await answering()).toBe(serving.version);

      serving = await publishMartsFixture(published, n + 1);
      await snapshots.refresh();
      expect(snapshots.switchError).toBeNull();
      expect(await answering()).toBe(serving.version);
    }
  });

  test("is served once its file is repaired under the same name", async () => {
    await publishMartsFixture(published, 1);
    const { snapshots } = await start();
    const second = await buildMartsFixture(published, 2);
    const whole = path.join(folder, "whole");
    await copyFile(second.file, whole);
    await writeFile(second.file, "garbage");
    await pointTo(published, second.versionName);
    await snapshots.refresh();
    expect(snapshots.switchError).toContain(second.versionName);

    await copyFile(whole, second.file);
    await snapshots.refresh();
    expect(snapshots.switchError).toBeNull();
    expect(snapshots.served?.version).toBe(second.version);
  });

  test("at the start gives way to the newest readable older one", async () => {
    await buildMartsFixture(published, 1);
    const second = await buildMartsFixture(published, 2);
    const third = await buildMartsFixture(published, 3);
    await writeFile(third.file, "garbage");
    const fourth = await publishMartsFixture(published, 4);
    await writeFile(fourth.file, "garbage");
    const { snapshots } = await start();
    expect(snapshots.served?.version).toBe(second.version);
    expect(snapshots.switchError).toContain(`Version ${fourth.versionName} can't be served`);
    expect(snapshots.switchError).toContain(`Version ${second.versionName} goes on serving`);
  });

  test("is not a missing pointer: the newest file is served and that is said", async () => {
    const only = await buildMartsFixture(published, 1);
    const { snapshots } = await start();
    expect(snapshots.served?.version).toBe(only.version);
    expect(snapshots.switchError).toContain("no version is named in `current`");
  });
});

test("a server that started with nothing serves the first version that appears", async () => {
  const { snapshots } = await start();
  expect(snapshots.served).toBeUndefined();
  expect(() => snapshots.current).toThrow("There are no data to show yet.");
  const first = await publishMartsFixture(published, 1);
  await snapshots.refresh();
  expect(snapshots.served).toMatchObject({ version: first.version, reportingTimeZone: "Europe/Berlin", isDemo: true });
  expect(snapshots.switchError).toBeNull();
});

test("going back to an older version is a switch like any other", async () => {
  const first = await publishMartsFixture(published, 1);
  const second = await publishMartsFixture(published, 2);
  const { snapshots } = await start(50);
  expect(snapshots.served?.version).toBe(second.version);
  await pointTo(published, first.versionName);
  await snapshots.refresh();
  await sleep(150);
  expect(snapshots.served?.version).toBe(first.version);
  await pointTo(published, second.versionName);
  await snapshots.refresh();
  expect(snapshots.served?.version).toBe(second.version);
});

describe("withCube", () => {
  test("answers all queries from the version published at the start, with numbers as numbers", async () => {
    const first = await publishMartsFixture(published, 1);
    const versions = await withCube(published, SECRET, async (load, snapshot) => {
      const before = await load({ dimensions: ["data_status.version"] });
      await publishMartsFixture(published, 2);
      const after = await load({ dimensions: ["data_status.version", "data_status.is_demo"] });
      expect(snapshot).toMatchObject({ version: first.version, switchError: null });
      expect(after[0]?.["data_status.is_demo"]).toBe(true);
      return [...before, ...after].map((row) => row["data_status.version"]);
    });
    expect(versions).toEqual([first.version, first.version]);
  });

  test("says what to do when nothing is published, and when a query is wrong", async () => {
    await expect(withCube(published, SECRET, async () => {})).rejects.toThrow("There are no data to show yet.");
    await publishMartsFixture(published, 1);
    const wrong = withCube(published, SECRET, (load) => load({ measures: ["service.nonsense"] }));
    await expect(wrong).rejects.toThrow(/service\.nonsense/);
  });

  test("refuses a secret that is too short to be one", async () => {
    await expect(withCube(published, "default", async () => {})).rejects.toThrow("at least 32 characters");
  });
});
