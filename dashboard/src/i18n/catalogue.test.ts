import { expect, it } from "vitest";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

function leaves(node: object, path = ""): [string, string][] {
  return Object.entries(node).flatMap(([key, value]: [string, unknown]): [string, string][] =>
    typeof value === "string" ? [[path + key, value]] : leaves(value as object, `${path}${key}.`),
  );
}

const english = new Map(leaves(en));
const chinese = new Map(leaves(zh));
const placeholders = (text: string) =>
  [...text.matchAll(/{{(\w+)}}/g)].map((match) => match[1] ?? "").sort((a, b) => a.localeCompare(b));

it("Chinese has each English key except singular forms, and no other", () => {
  const expected = [...english.keys()].filter((key) => !key.endsWith("_one")).sort();
  expect([...chinese.keys()].sort()).toEqual(expected);
});

it("each text names the same values in both languages", () => {
  const different = [...chinese].filter(
    ([key, text]) => placeholders(text).join() !== placeholders(english.get(key) ?? "").join(),
  );
  expect(different.map(([key]) => key)).toEqual([]);
});

it("no text is empty and every plural has both English forms", () => {
  expect([...english, ...chinese].filter(([, text]) => text.trim() === "")).toEqual([]);
  const singulars = [...english.keys()].filter((key) => key.endsWith("_one"));
  expect(singulars.length).toBeGreaterThan(5);
  expect(singulars.filter((key) => !english.has(key.replace(/_one$/, "_other")))).toEqual([]);
});
