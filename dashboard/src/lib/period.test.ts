import { describe, expect, it } from "vitest";
import {
  bucketsOf,
  comparisonPeriod,
  grainFor,
  lastReportedDay,
  lastWholeDay,
  latestMaturedPeriod,
  maturedPeriod,
  lengthInDays,
  presetPeriod,
} from "./period.ts";

describe("presets", () => {
  it("end with the day given, half-open", () => {
    expect(presetPeriod("28d", "2026-11-22")).toEqual({ from: "2026-10-26", to: "2026-11-23" });
    expect(presetPeriod("7d", "2026-03-02")).toEqual({ from: "2026-02-24", to: "2026-03-03" });
    expect(presetPeriod("month", "2026-11-22")).toEqual({ from: "2026-11-01", to: "2026-11-23" });
    expect(presetPeriod("last_month", "2026-01-05")).toEqual({ from: "2025-12-01", to: "2026-01-01" });
    expect(presetPeriod("12m", "2026-02-27")).toEqual({ from: "2025-02-28", to: "2026-02-28" });
  });

  it("keep their length over a clock change", () => {
    // In the pinned test zone 1 Nov 2026 has 25 hours.
    expect(lengthInDays(presetPeriod("7d", "2026-11-03"))).toBe(7);
  });
});

describe("last reported day", () => {
  it("is the watermark's date, and the day before at midnight sharp", () => {
    expect(lastReportedDay("2026-11-22T18:32:10.000")).toBe("2026-11-22");
    expect(lastReportedDay("2026-11-22T00:00:00.000")).toBe("2026-11-21");
  });
});

describe("last whole day", () => {
  it.each([
    ["2026-11-22T18:32:10.000", "2026-11-21"],
    ["2026-11-22T22:59:59", "2026-11-21"],
    ["2026-11-22T23:00:00", "2026-11-22"],
    ["2026-11-22T00:00:00.000", "2026-11-21"],
    ["2026-03-01T09:00:00", "2026-02-28"],
  ])("of data complete to %s is %s", (completeTo, day) => {
    expect(lastWholeDay(completeTo)).toBe(day);
  });

  it("decides which month is this one: on the first, in the morning, still the former", () => {
    expect(presetPeriod("month", lastWholeDay("2026-12-01T09:00:00"))).toEqual({
      from: "2026-11-01",
      to: "2026-12-01",
    });
  });
});

describe("comparison", () => {
  it("is the touching period of equal length, or 52 weeks earlier so that weekdays match", () => {
    const period = { from: "2026-10-26", to: "2026-11-23" };
    expect(comparisonPeriod(period, "previous")).toEqual({ from: "2026-09-28", to: "2026-10-26" });
    expect(comparisonPeriod(period, "year")).toEqual({ from: "2025-10-27", to: "2025-11-24" });
    expect(comparisonPeriod(period, "none")).toBeNull();
  });
});

describe("matured period", () => {
  it("ends with deliveries that are old enough on the last reported day", () => {
    const period = { from: "2026-10-26", to: "2026-11-23" };
    expect(latestMaturedPeriod(period, 30, "2026-11-22")).toEqual({ from: "2026-09-26", to: "2026-10-24" });
  });

  it("replaces only a period of which nothing has matured", () => {
    const partly = { from: "2026-10-23", to: "2026-11-23" };
    expect(maturedPeriod(partly, 30, "2026-11-22")).toBe(partly);
    const young = { from: "2026-10-24", to: "2026-11-23" };
    expect(maturedPeriod(young, 30, "2026-11-22").to).toBe("2026-10-24");
  });
});

describe("buckets", () => {
  it("mark the cut first week and the week still being reported", () => {
    const buckets = bucketsOf({ from: "2026-11-04", to: "2026-11-23" }, "week", "2026-11-22T18:00:00");
    expect(buckets.map((bucket) => [bucket.start, bucket.isIncomplete])).toEqual([
      ["2026-11-02", true],
      ["2026-11-09", false],
      ["2026-11-16", true],
    ]);
  });

  it("mark the day that is not over", () => {
    const buckets = bucketsOf({ from: "2026-11-21", to: "2026-11-23" }, "day", "2026-11-22T18:00:00");
    expect(buckets.map((bucket) => bucket.isIncomplete)).toEqual([false, true]);
    const late = bucketsOf({ from: "2026-11-21", to: "2026-11-23" }, "day", "2026-11-22T23:40:00");
    expect(late.map((bucket) => bucket.isIncomplete)).toEqual([false, false]);
  });

  it("grow with the period", () => {
    expect(grainFor({ from: "2026-01-01", to: "2026-01-29" })).toBe("day");
    expect(grainFor({ from: "2026-01-01", to: "2026-04-01" })).toBe("week");
    expect(grainFor({ from: "2025-01-01", to: "2026-01-01" })).toBe("month");
  });
});
