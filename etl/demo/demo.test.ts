import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";
import { writeDemo } from "./demo.ts";

const SMALL = { products: 14, days: 60, ordersPerDay: 15, end: "2026-04-15", seed: 3 } as const;

let parent = "";
beforeAll(async () => {
  parent = await mkdtemp(path.join(tmpdir(), "aftersight-demo-"));
});
afterAll(() => rm(parent, { recursive: true, force: true }));

async function hashes(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: Record<string, string> = {};
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = path.join(entry.parentPath, entry.name);
    found[path.relative(folder, file)] = createHash("sha256")
      .update(await readFile(file))
      .digest("hex");
  }
  return found;
}

async function runCommand(out: string, zone: string, seed: number): Promise<string> {
  const flags = ["--out", out, "--seed", String(seed), "--products", "14", "--days", "60", "--orders-per-day", "15"];
  const command = ["--import", "tsx", "etl/demo/main.ts", ...flags, "--end", "2026-04-15"];
  const options = { cwd: PROJECT_ROOT, env: { ...process.env, TZ: zone } };
  return (await promisify(execFile)(process.execPath, command, options)).stdout;
}

describe("the demo command", () => {
  test("writes the same bytes in every time zone, and others for another seed", async () => {
    const [tokyo, honolulu, other] = ["tokyo", "honolulu", "other"].map((name) => path.join(parent, name));
    expect(await runCommand(tokyo ?? "", "Asia/Tokyo", 3)).toContain("episodes (see truth.json)");
    await runCommand(honolulu ?? "", "Pacific/Honolulu", 3);
    await runCommand(other ?? "", "UTC", 4);
    const written = await hashes(tokyo ?? "");
    expect(Object.keys(written).length).toBeGreaterThan(15);
    expect(await hashes(honolulu ?? "")).toEqual(written);
    expect((await hashes(other ?? ""))["shopify/orders_export_1.csv"]).not.toBe(written["shopify/orders_export_1.csv"]);
  });
});

describe("where the demo may be written", () => {
  test("an empty folder and an earlier demo are replaced, and nothing else is left behind", async () => {
    const out = path.join(parent, "inbox");
    await mkdir(out);
    await writeDemo({ ...SMALL, out });
    await writeDemo({ ...SMALL, seed: 5, out });
    expect(JSON.parse(await readFile(path.join(out, "truth.json"), "utf8"))).toMatchObject({ seed: 5 });
    expect((await readdir(parent)).filter((name) => name.startsWith("."))).toEqual([]);
  });

  test("a folder with something else is left as it was", async () => {
    const out = path.join(parent, "real");
    await mkdir(out);
    await writeFile(path.join(out, "aftersight.yml"), "seller_name: A real shop\n");
    await expect(writeDemo({ ...SMALL, out })).rejects.toThrow("is not empty and holds no demo");
    expect(await readdir(out)).toEqual(["aftersight.yml"]);
  });

  test("options out of range are refused before anything is written", async () => {
    const out = path.join(parent, "refused");
    await expect(writeDemo({ ...SMALL, out, products: 3 })).rejects.toThrow("--products is 3");
    await expect(writeDemo({ ...SMALL, out, end: "22.11.2026" })).rejects.toThrow('--end "22.11.2026" is no day');
    expect(await readdir(parent)).not.toContain("refused");
  });
});
