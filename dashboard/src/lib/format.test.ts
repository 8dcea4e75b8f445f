import { expect, it } from "vitest";
import { formatterFor } from "./format.ts";

const en = formatterFor("en");
const zh = formatterFor("zh");

it("prints durations in the unit a reader thinks in", () => {
  expect(en.minutes(42)).toBe("42 min");
  expect(en.minutes(150)).toBe("2.5 h");
  expect(en.minutes(4 * 1440)).toBe("4 d");
  expect(zh.minutes(150)).toBe("2.5 小时");
  expect(en.minutes(null)).toBe("—");
});

it("prints fractions as per cent and keeps whole ends short", () => {
  expect(en.percent(0.0613)).toBe("6.1%");
  expect(en.percent(1)).toBe("100%");
  expect(en.percent(0)).toBe("0%");
  expect(en.percent(null)).toBe("—");
});

it("signs changes", () => {
  expect(en.signedPercent(-0.25)).toBe("-25%");
  expect(en.signedPercent(0.031)).toBe("+3.1%");
  expect(en.signedPoints(0.013)).toBe("+1.3");
});

it("keeps a reporting-zone wall clock and day as they are on any machine", () => {
  expect(en.dateTime("2026-03-08T02:30:00.000")).toMatch(/8 Mar 2026/);
  expect(en.day("2026-11-01")).toBe("1 Nov 2026");
  expect(zh.day("2026-11-01")).toBe("2026年11月1日");
});

it("prints a half-open period by its last day inside", () => {
  expect(en.period({ from: "2026-10-26", to: "2026-11-23" }).replaceAll(/\s/g, " ")).toBe("26 Oct – 22 Nov 2026");
  expect(zh.period({ from: "2026-10-26", to: "2026-11-23" })).toBe("2026年10月26日 – 11月22日");
  expect(zh.period({ from: "2025-12-01", to: "2026-02-01" })).toBe("2025年12月1日 – 2026年1月31日");
});
