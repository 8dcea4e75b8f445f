import { expect, it } from "vitest";
import { selectionOf, selectionPeriod, weeklyPoints } from "./selection.ts";

it("a week in the address may be any of its days", () => {
  const selection = selectionOf(null, "2026-11-05");
  expect(selection).toEqual({ start: "2026-11-02", grain: "week" });
  expect(selection && selectionPeriod(selection)).toEqual({ from: "2026-11-02", to: "2026-11-09" });
});

it("a day wins over a week and nonsense selects nothing", () => {
  expect(selectionOf("2026-11-05", "2026-11-05")).toEqual({ start: "2026-11-05", grain: "day" });
  expect(selectionOf("x", "2026-13-01")).toBeNull();
});

it("weeks sum observed and expected, keep an alarm and have no band", () => {
  const point = { exposure: 10, lower: 0, upper: 3, qValue: 0.1, isAlarm: false };
  const weeks = weeklyPoints([
    { ...point, day: "2026-11-01", observed: 1, expected: 0.5 },
    { ...point, day: "2026-11-02", observed: 2, expected: 0.5, isAlarm: true },
    { ...point, day: "2026-11-08", observed: 3, expected: 0.25 },
  ]);
  expect(weeks.map(({ day, observed, expected, isAlarm, upper }) => [day, observed, expected, isAlarm, upper])).toEqual(
    [
      ["2026-10-26", 1, 0.5, false, null],
      ["2026-11-02", 5, 0.75, true, null],
    ],
  );
});
