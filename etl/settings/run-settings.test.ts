import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { describeError } from "../../shared/errors.ts";
import { parseRunSettings, readRunSettings } from "./run-settings.ts";

function told(text: string): string {
  try {
    parseRunSettings(text);
  } catch (error) {
    return describeError(error);
  }
  return "";
}

describe("wrong settings are told in plain words:", () => {
  const cases: [string, string, string][] = [
    ["no number", "exchange_rates: { USD: abc }", 'exchange_rates.USD must be a number, got "abc"'],
    ["zero", "exchange_rates: { USD: 0 }", "exchange_rates.USD must be more than 0, got 0"],
    ["a slip", "seler_name: x", 'seler_name is not a known key (did you mean "seller_name"?)'],
    ["no boolean", "is_demo: yes please", 'is_demo must be true or false, got "yes please"'],
    ["empty", 'seller_name: ""', "seller_name must not be empty"],
    ["a key without a reader", "week_begins: monday", "week_begins is not a known key"],
    ["no group", "exchange_rates: 1", "exchange_rates must be a group of keys, got 1"],
    ["no settings", "- a", "the file must be a group of keys"],
  ];
  it.each(cases)("%s", (_, text, expected) => expect(told(text)).toContain(expected));

  it("bad YAML once, with what is left and what to do", () => {
    const text = told("seller_name: [");
    expect(text.match(/not valid YAML/g)).toHaveLength(1);
    expect(text).toMatch(/is not valid YAML.*\n {2}State: .*\n {2}What to do: /);
    expect(text.split("\n")).toHaveLength(3);
  });

  it("an inbox that is a file is told elsewhere", async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "settings-"));
    try {
      await writeFile(path.join(folder, "file"), "");
      expect(await readRunSettings(path.join(folder, "file"))).toMatchObject({ seller_name: "My shop" });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
