import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { dataDirectory, type DataDirectory } from "../../shared/data-directory.ts";
import { withDuckDB } from "../../shared/duckdb.ts";
import { rememberInbox } from "../../shared/remembered-inbox.ts";
import { listFolder } from "../files/inbox-files.ts";
import { PipelineBusyError, withPipelineLock } from "../lock.ts";
import { runPipeline } from "../pipeline.ts";
import { heldBy, readPin } from "./pin.ts";
import { listSnapshots, pruneSnapshots, useSnapshot } from "./snapshots.ts";

const MAPPING = `
entity: orders
system: shop
files: "orders*.csv"
time_zone: UTC
columns: { order_id: Order, ordered_at: Date, total_amount: Total, currency: { constant: USD } }
`;

let root: string;
let inbox: string;
let data: DataDirectory;
/** Three published versions of 10, 20 and 30 orders, oldest first. */
const names: string[] = [];

async function writeOrders(rows: number): Promise<void> {
  const lines = Array.from({ length: rows }, (_, index) => `o${index},2026-05-01 10:00:00,${index}.50`);
  await writeFile(path.join(inbox, "shop", "orders.csv"), `Order,Date,Total\n${lines.join("\n")}\n`);
}

beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), "snapshots-"));
  data = dataDirectory(path.join(root, "data"));
  inbox = path.join(root, "inbox");
  await mkdir(path.join(inbox, "shop"), { recursive: true });
  await writeFile(path.join(inbox, "shop", "orders.mapping.yml"), MAPPING);
  for (const rows of [10, 20, 30]) {
    await writeOrders(rows);
    names.push((await runPipeline({ inbox, data, report: () => undefined })).versionName);
  }
  await rememberInbox(data, inbox);
});
afterAll(() => rm(root, { recursive: true, force: true }));
beforeEach(() => useSnapshot(data, "latest"));

const served = async () => readFile(path.join(data.published, "current"), "utf8");
const held = async () => (await heldBy(data, inbox, (await listFolder(inbox)).files))?.version;
const file = (name: string) => path.join(data.published, `${name}.duckdb`);
const [oldest, middle, newest] = [() => names[0] ?? "", () => names[1] ?? "", () => names[2] ?? ""];

/** Runs `work` while the file of a version holds something else. */
async function whileChanged(name: string, change: (file: string) => Promise<void>, work: () => Promise<void>) {
  const whole = await readFile(file(name));
  try {
    await change(file(name));
    await work();
  } finally {
    await writeFile(file(name), whole);
  }
}

describe("the list", () => {
  it("has every version, newest first, with what it holds", async () => {
    await useSnapshot(data, middle());
    const listed = await listSnapshots(data);
    expect(listed.map((version) => version.name)).toEqual(names.toReversed());
    expect(listed.map((version) => [version.isServed, version.isPinned])).toEqual([
      [false, false],
      [true, true],
      [false, false],
    ]);
    const [first] = listed;
    expect(first).toMatchObject({ completeTo: "2026-05-01T10:00:00", isDemo: false, problem: null });
    expect(first?.builtAt).toMatch(/^20\d\d-.*Z$/);
    expect(first?.bytes).toBe((await stat(file(newest()))).size);
    // 30 orders rather than 20, and nothing else is in these marts.
    expect((first?.rows ?? 0) - (listed[1]?.rows ?? 0)).toBe(10);
  });

  it("tells a version that cannot be read and goes on", async () => {
    await whileChanged(
      oldest(),
      (target) => writeFile(target, "no database"),
      async () => {
        const listed = await listSnapshots(data);
        expect(listed.map((version) => version.problem !== null)).toEqual([false, false, true]);
        expect(listed[2]?.problem).toMatch(/^cannot be read: /);
      },
    );
  });

  it("of an empty data folder is empty", async () => {
    expect(await listSnapshots(dataDirectory(path.join(root, "nothing")))).toEqual([]);
  });
});

describe("use", () => {
  it("serves an older version, until the inbox changes", async () => {
    expect(await useSnapshot(data, middle())).toEqual({ name: middle(), before: newest(), isPinned: true });
    expect(await served()).toBe(middle());
    expect(await held()).toBe(middle());
    await writeOrders(31);
    expect(await held()).toBeUndefined();
    await writeOrders(30);
  });

  it("is not held for another inbox, nor once another version is served", async () => {
    await useSnapshot(data, oldest());
    const { files } = await listFolder(inbox);
    expect((await heldBy(data, path.join(root, "elsewhere"), files))?.version).toBeUndefined();
    await writeFile(path.join(data.published, "current"), newest());
    expect(await readPin(data)).toBeUndefined();
    expect(await held()).toBeUndefined();
  });

  it("latest goes back to the newest version and lets go of the pin", async () => {
    await useSnapshot(data, oldest());
    expect(await useSnapshot(data, "latest")).toEqual({ name: newest(), before: oldest(), isPinned: false });
    expect(await readPin(data)).toBeUndefined();
    expect(await readdir(data.state)).not.toContain("pin.json");
  });

  it("takes the beginning of a name when it says which", async () => {
    const common = newest().slice(0, 8);
    await expect(useSnapshot(data, common)).rejects.toThrow(`Several versions begin with "${common}"`);
    await expect(useSnapshot(data, "1999")).rejects.toMatchObject({
      message: 'No version begins with "1999".',
      advice: expect.stringContaining(newest()),
    });
    expect((await useSnapshot(data, oldest().slice(0, -1))).name).toBe(oldest());
  });

  it("refuses a version with a damaged block, and one that an earlier release built", async () => {
    const damaged = async (target: string) => truncate(target, Math.floor((await stat(target)).size / 2));
    await whileChanged(oldest(), damaged, async () => {
      await expect(useSnapshot(data, oldest())).rejects.toThrow(/^Version .* cannot be read: /);
    });
    const flipped = async (target: string) => {
      const bytes = await readFile(target);
      // Far beyond the headers: only reading everything finds it.
      for (let at = bytes.length - 300_000; at < bytes.length; at += 997) bytes[at] = (bytes[at] ?? 0) ^ 0xff;
      await writeFile(target, bytes);
    };
    await whileChanged(oldest(), flipped, async () => {
      await expect(useSnapshot(data, oldest())).rejects.toThrow(/cannot be read/);
    });
    const older = (target: string) =>
      withDuckDB(target, {}, async (connection) => void (await connection.run("alter table orders drop is_paid")));
    await whileChanged(oldest(), older, async () => {
      await expect(useSnapshot(data, oldest())).rejects.toThrow(/earlier release: it lacks orders\.is_paid\./);
    });
    expect(await served()).toBe(newest());
  });

  it("waits for nobody: while a pipeline is at work it says which", async () => {
    await withPipelineLock(data.work, async () => {
      await expect(useSnapshot(data, oldest())).rejects.toThrow(PipelineBusyError);
      await expect(pruneSnapshots(data, 1)).rejects.toThrow(PipelineBusyError);
    });
    expect(await served()).toBe(newest());
  });
});

describe("prune", () => {
  const copies = new Map<string, Buffer>();
  beforeAll(async () => {
    for (const name of names) copies.set(name, await readFile(file(name)));
  });
  afterEach(async () => {
    for (const [name, bytes] of copies) await writeFile(file(name), bytes);
  });

  it("keeps the newest and the served one", async () => {
    await useSnapshot(data, oldest());
    const { removed, kept, bytes } = await pruneSnapshots(data, 1);
    expect({ removed, kept, bytes }).toEqual({
      removed: [middle()],
      kept: [oldest(), newest()],
      bytes: copies.get(middle())?.length,
    });
    expect((await readdir(data.published)).toSorted()).toEqual(
      [`${oldest()}.duckdb`, `${newest()}.duckdb`, "current"].toSorted(),
    );
    expect((await pruneSnapshots(data, 5)).removed).toEqual([]);
  });

  it("keeps what the server has in place of a served version that cannot be read", async () => {
    await writeFile(file(newest()), "no database");
    expect((await pruneSnapshots(data, 1)).kept).toEqual([middle(), newest()]);
  });
});

it("is a command", async () => {
  const say = async (...words: string[]) => {
    const child = spawn(process.execPath, [
      "--import",
      "tsx",
      path.resolve("etl/snapshots/main.ts"),
      ...words,
      "--data-dir",
      data.root,
    ]);
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += String(chunk)));
    const [code] = (await once(child, "close")) as [number];
    return { code, said };
  };
  const newestName = (await listSnapshots(data))[0]?.name ?? "";
  const older = (await listSnapshots(data))[1]?.name ?? "";
  const used = await say("use", older);
  expect(used).toMatchObject({
    code: 0,
    said: expect.stringContaining(`Version ${older} is served now, not ${newestName}`),
  });
  const { said } = await say("list");
  expect(said.split("\n")[0]).toMatch(/^ +version +built \(UTC\) +complete to +rows +MB/);
  expect(said).toMatch(new RegExp(`served +${older} .* pinned`));
  expect((await say("list", "--json")).said).toContain(`"name": "${newestName}"`);
  expect(await say("use", "1999")).toMatchObject({ code: 1, said: expect.stringContaining("What to do: There are") });
  expect(await say("prune", "--keep", "0")).toMatchObject({ code: 1 });
});
