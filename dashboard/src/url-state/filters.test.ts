import { expect, it } from "vitest";
import { resolveFilters, sharedSearch, type FilterValues } from "./filters.ts";

const COMPLETE_TO = "2026-11-22T18:00:00.000";
const NOTHING: FilterValues = {
  range: "28d",
  from: null,
  to: null,
  compare: "previous",
  market: [],
  sales_channel: [],
  channel: [],
};

it("an empty address is the last 28 whole days, compared with the 28 before", () => {
  const filters = resolveFilters(NOTHING, COMPLETE_TO);
  expect(filters.period).toEqual({ from: "2026-10-25", to: "2026-11-22" });
  expect(filters.formerPeriod).toEqual({ from: "2026-09-27", to: "2026-10-25" });
  expect(filters.preset).toBe("28d");
});

it("the day that is not over can be picked", () => {
  const filters = resolveFilters({ ...NOTHING, from: "2026-11-22", to: "2026-11-23" }, COMPLETE_TO);
  expect(filters.period).toEqual({ from: "2026-11-22", to: "2026-11-23" });
});

it("picked days win over the preset", () => {
  const filters = resolveFilters({ ...NOTHING, from: "2026-08-01", to: "2026-09-01" }, COMPLETE_TO);
  expect(filters.period).toEqual({ from: "2026-08-01", to: "2026-09-01" });
  expect(filters.preset).toBeNull();
});

it.each([
  ["2026-09-01", "2026-08-01"],
  ["2026-02-30", "2026-03-05"],
  ["2026-08-01", null],
  ["yesterday", "2026-08-01"],
])("unusable days %s..%s fall back to the preset", (from, to) => {
  expect(resolveFilters({ ...NOTHING, from, to }, COMPLETE_TO).preset).toBe("28d");
});

it("a link to another page keeps the shared filters and drops the page's own", () => {
  expect(sharedSearch("?market=DE,FR&anomaly=a1&range=90d&lang=zh&sort=-returns")).toBe(
    "?market=DE,FR&range=90d&lang=zh",
  );
  expect(sharedSearch("", { anomaly: "a1" })).toBe("?anomaly=a1");
  expect(sharedSearch("?q=x")).toBe("");
});
