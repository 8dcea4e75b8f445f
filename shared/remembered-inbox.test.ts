import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dataDirectory, ensureDataDirectory, type DataDirectory } from "./data-directory.ts";
import { rememberedInbox, rememberInbox } from "./remembered-inbox.ts";

let root: string;
let data: DataDirectory;
let file: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), "remembered-"));
  data = dataDirectory(path.join(root, "data"));
  file = path.join(data.state, "settings.json");
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe("the remembered inbox", () => {
  it("is absolute, and other settings stay", async () => {
    expect(await rememberedInbox(data)).toEqual({});
    await mkdir(data.state, { recursive: true });
    await writeFile(file, '{"language": "zh", "inbox": "/elsewhere"}');
    expect(await rememberedInbox(data)).toEqual({ inbox: "/elsewhere" });
    await rememberInbox(data, "some/where");
    const absolute = path.resolve("some/where");
    expect(await rememberedInbox(data)).toEqual({ inbox: absolute, servedInbox: absolute });
    const expected = { language: "zh", inbox: absolute, servedInbox: absolute };
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual(expected);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it("in a damaged file is told, not overwritten", async () => {
    await mkdir(data.state, { recursive: true });
    await writeFile(file, "{");
    await expect(rememberedInbox(data)).rejects.toThrow(/settings\.json cannot be read/);
    await expect(rememberInbox(data, root)).rejects.toThrow(/settings\.json cannot be read/);
    expect(await readFile(file, "utf8")).toBe("{");
  });
});

describe("a data folder", () => {
  it("that cannot be made says which", async () => {
    await writeFile(path.join(root, "data"), "a file");
    await expect(ensureDataDirectory(data)).rejects.toThrow(/The data folder .*data cannot be written/);
  });

  it("leaves the rights of an inbox that is there", async () => {
    await mkdir(data.inbox, { recursive: true, mode: 0o755 });
    await ensureDataDirectory(data);
    expect((await stat(data.inbox)).mode & 0o777).toBe(0o755);
    expect((await stat(data.published)).mode & 0o777).toBe(0o700);
  });
});
