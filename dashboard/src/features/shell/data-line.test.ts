import { expect, it } from "vitest";
import { wallClockInstant } from "./data-line.tsx";

it("a wall clock is placed in its zone, summer and winter", () => {
  expect(wallClockInstant("2026-11-22T18:00:00.000", "Europe/Berlin")).toBe(Date.parse("2026-11-22T17:00:00Z"));
  expect(wallClockInstant("2026-07-01T18:00:00", "Europe/Berlin")).toBe(Date.parse("2026-07-01T16:00:00Z"));
  expect(wallClockInstant("2026-07-01T18:00:00", "America/Los_Angeles")).toBe(Date.parse("2026-07-02T01:00:00Z"));
  expect(wallClockInstant("2026-07-01T18:00:00", "UTC")).toBe(Date.parse("2026-07-01T18:00:00Z"));
});
