import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withDuckDB, queryRows } from "../../shared/duckdb.ts";
import { extractInbox } from "./extract.ts";
import { loadInbox } from "../load/load.ts";
import { parseRunSettings } from "../settings/run-settings.ts";

let folder: string;
let inbox: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "extract-"));
  inbox = path.join(folder, "inbox");
  await mkdir(inbox);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const put = (name: string, text = "Id,Day\n1,2025-01-01\n") => writeFile(path.join(inbox, name), text);

describe("the inbox's listing", () => {
  it("takes only whole names for notes, and tells them", async () => {
    for (const name of ["truthgear_orders.csv", "readme_orders.csv", "license-returns.csv"]) await put(name);
    for (const name of ["truth.json", "README.md", "LICENSE"]) await put(name);
    const { others, ignored } = await extractInbox(inbox, []);
    expect(others.map((file) => file.path)).toEqual([
      "license-returns.csv",
      "readme_orders.csv",
      "truthgear_orders.csv",
    ]);
    expect(ignored.map((file) => file.path)).toEqual(["LICENSE", "README.md", "truth.json"]);
  });

  it("follows links to files of the inbox, and tells those that lead nowhere, in circles, to folders or out of it", async () => {
    await mkdir(path.join(folder, "outside"));
    await mkdir(path.join(inbox, "kept"));
    await put("kept/orders.csv");
    await symlink(path.join("kept", "orders.csv"), path.join(inbox, "inside.csv"));
    await writeFile(path.join(folder, "outside", "orders.csv"), "a\n1\n");
    await symlink(path.join(folder, "outside", "orders.csv"), path.join(inbox, "linked.csv"));
    await symlink(path.join(folder, "outside"), path.join(inbox, "folder"));
    await symlink(inbox, path.join(inbox, "loop"));
    await symlink("itself.csv", path.join(inbox, "itself.csv"));
    await symlink("gone.csv", path.join(inbox, "dangling.csv"));
    const { others, ignored } = await extractInbox(inbox, []);
    expect(others.map((file) => file.path)).toEqual(["inside.csv", "kept/orders.csv"]);
    expect(ignored).toEqual([
      { path: "dangling.csv", message: "a link to a file that is not there" },
      { path: "folder", message: "a link to a folder; links to folders are not followed" },
      { path: "itself.csv", message: "a link that leads to itself" },
      { path: "linked.csv", message: "a link that leads out of the inbox; copy the file here instead" },
      { path: "loop", message: "a link to a folder; links to folders are not followed" },
    ]);
  });

  it("says that an inbox is a file, or not there", async () => {
    await put("orders.csv");
    await expect(extractInbox(path.join(inbox, "orders.csv"), [])).rejects.toThrow(/is a file, not a folder/);
    await expect(extractInbox(path.join(inbox, "none"), [])).rejects.toThrow(/There is no inbox at/);
  });

  it("is not spoilt by a file that is gone before it is read", async () => {
    for (const name of ["a.csv", "b.csv", "c.parquet", "d.jsonl"]) await put(name);
    const columns = "{ return_id: Id, returned_at: Day }";
    const mapping = `entity: returns\nsystem: shop\nfiles: "*.*"\ntime_zone: UTC\ncolumns: ${columns}\n`;
    await put("returns.mapping.yml", mapping.replace('"*.*"', '["*.csv", "*.parquet", "*.jsonl"]'));
    const extract = await extractInbox(inbox, []);
    for (const name of ["a.csv", "c.parquet", "d.jsonl"]) await rm(path.join(inbox, name));
    await withDuckDB(":memory:", {}, async (connection) => {
      const settings = parseRunSettings("");
      await loadInbox({ connection, extract, settings, workFolder: folder, report: () => undefined });
      expect(await queryRows(connection, "select path, status from raw.files order by path")).toEqual([
        { path: "a.csv", status: "refused" },
        { path: "b.csv", status: "loaded" },
        { path: "c.parquet", status: "refused" },
        { path: "d.jsonl", status: "refused" },
      ]);
    });
  });
});
