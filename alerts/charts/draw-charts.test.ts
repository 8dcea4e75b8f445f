import { describe, expect, it } from "vitest";
import type { AnomalyDay } from "../anomaly.ts";
import { addDays } from "../dates.ts";
import { readPng } from "../testing/png.ts";
import { anomalyChartSvg, CHART_COLOURS } from "./anomaly-chart.ts";
import { drawCharts } from "./draw-charts.ts";

const series = (count: number, observed: (index: number) => number): AnomalyDay[] =>
  Array.from({ length: count }, (_, index) => ({
    date: addDays("2026-09-01", index),
    observed: observed(index),
    expected: 1,
    lower: 0,
    upper: 3,
    isAlarm: observed(index) > 3,
  }));

const labels = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1] ?? "");

describe("a finding's picture", () => {
  it("is drawn at twice its size, with alarm days in their own colour only where there are any", async () => {
    const startedOn = "2026-10-01";
    const [quiet, alarmed] = await drawCharts([
      { days: series(60, () => 2), startedOn, language: "en" },
      { days: series(60, (index) => (index > 30 ? 6 : 2)), startedOn, language: "en" },
    ]);
    if (!quiet || quiet instanceof Error || !alarmed || alarmed instanceof Error) throw new Error("no picture");
    const [before, after] = [readPng(quiet.png), readPng(alarmed.png)];
    expect([after.width, after.height]).toEqual([2 * alarmed.width, 2 * alarmed.height]);
    expect(after.colours.get(CHART_COLOURS.alarm)).toBeGreaterThan(10 * (before.colours.get(CHART_COLOURS.alarm) ?? 0));
    expect(before.colours.get("#ffffff")).toBeGreaterThan(50_000);
    expect(quiet.hash).not.toBe(alarmed.hash);
    expect(alarmed.png.length).toBeLessThan(60_000);
  });

  it("has its labels drawn: without a font there would be no dark text", async () => {
    const [picture] = await drawCharts([{ days: series(60, () => 0), startedOn: "2026-10-25", language: "en" }]);
    if (!picture || picture instanceof Error) throw new Error("no picture");
    expect(readPng(picture.png).colours.get(CHART_COLOURS.text)).toBeGreaterThan(500);
  });

  it("is the same, byte for byte, each time: its name in the mail comes from its content", async () => {
    const input = { days: series(60, (index) => index % 5), startedOn: "2026-10-25", language: "en" } as const;
    const hashes = new Set<string>();
    for (let time = 0; time < 5; time += 1) {
      for (const picture of await drawCharts([input, input])) {
        if (!picture || picture instanceof Error) throw new Error("no picture");
        hashes.add(picture.hash);
      }
    }
    expect(hashes.size).toBe(1);
  });

  it("holds no letters outside Latin, in any language", () => {
    for (const language of ["en", "zh"] as const) {
      const svg = anomalyChartSvg({ days: series(75, (index) => index % 5), startedOn: "2026-10-25", language });
      expect(labels(svg).length).toBeGreaterThan(6);
      for (const label of labels(svg)) expect(label).toMatch(/^[\x20-\x7e]+$/);
    }
  });

  it.each([1, 2, 14, 75, 180])("has between 1 and 8 dates below %i days, the last day among them", (count) => {
    const days = series(count, () => 1);
    const svg = anomalyChartSvg({ days, startedOn: days[0]?.date ?? "", language: "zh" });
    const dates = labels(svg)
      .filter((label) => /^\d\d-\d\d$/.test(label))
      .slice(1);
    expect(dates.length).toBeGreaterThanOrEqual(1);
    expect(dates.length).toBeLessThanOrEqual(8);
    expect(dates).toContain(days.at(-1)?.date.slice(5));
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("counts in whole numbers on its axis, also where nearly nothing happens", () => {
    const ticks = labels(
      anomalyChartSvg({
        days: series(30, () => 1).map((day) => ({ ...day, upper: 1 })),
        startedOn: "2026-09-20",
        language: "zh",
      }),
    );
    expect(ticks.filter((label) => /^\d+$/.test(label))).toEqual(["0", "1"]);
  });

  it("is an error where drawing fails and null where there are no days, and stops no other", async () => {
    const broken = series(5, () => 1).map((day) => ({ ...day, date: "no day" }));
    const results = await drawCharts([
      { days: broken, startedOn: "2026-09-02", language: "en" },
      { days: [], startedOn: "2026-09-02", language: "en" },
      { days: series(5, () => 1), startedOn: "2026-09-02", language: "en" },
    ]);
    expect(results[0]).toBeInstanceOf(Error);
    expect(results[1]).toBeNull();
    expect(results[2]).toHaveProperty("png");
  });
});
