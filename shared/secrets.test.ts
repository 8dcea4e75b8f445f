import { mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dataDirectory, type DataDirectory } from "./data-directory.ts";
import { secret } from "./secrets.ts";

let root: string;
let data: DataDirectory;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), "secrets-"));
  data = dataDirectory(root);
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe("a secret", () => {
  it("is made once, the same for everybody who asks at once, readable by its owner only", async () => {
    const asked = await Promise.all(Array.from({ length: 20 }, (_, index) => secret(data, index % 2 ? "one" : "two")));
    expect(new Set(asked).size).toBe(2);
    expect(await secret(data, "one")).toBe(asked[1]);
    const file = path.join(data.state, "secrets.json");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(Object.keys(JSON.parse(await readFile(file, "utf8")) as object).toSorted()).toEqual(["one", "two"]);
    expect(await readdir(data.state)).toEqual(["secrets.json"]);
  });

  it("in a damaged file is not replaced in silence", async () => {
    await secret(data, "one");
    await writeFile(path.join(data.state, "secrets.json"), "{");
    await expect(secret(data, "one")).rejects.toThrow(/secrets\.json cannot be read/);
  });
});
