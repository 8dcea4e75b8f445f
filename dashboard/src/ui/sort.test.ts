import { expect, it } from "vitest";
import { nextSort, parseSort, sortText, sortedBy } from "./sort.ts";

it("missing values are last in both directions", () => {
  const rows = [{ v: 2 }, { v: null }, { v: 5 }];
  expect(sortedBy(rows, (row) => row.v, true, "en").map((row) => row.v)).toEqual([5, 2, null]);
  expect(sortedBy(rows, (row) => row.v, false, "en").map((row) => row.v)).toEqual([2, 5, null]);
});

it("names sort as people read them", () => {
  const names = ["Lamp 10", "lamp 2", "Äpfel"];
  expect(sortedBy(names, (name) => name, false, "en")).toEqual(["Äpfel", "lamp 2", "Lamp 10"]);
});

it("the address form goes both ways and a second click turns round", () => {
  expect(sortText(parseSort("-returns"))).toBe("-returns");
  expect(nextSort(parseSort("-returns"), "returns", false)).toEqual(parseSort("returns"));
  expect(nextSort(parseSort("-returns"), "name", true)).toEqual(parseSort("name"));
  expect(nextSort(parseSort("name"), "returns", false)).toEqual(parseSort("-returns"));
});
