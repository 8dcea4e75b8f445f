import { expect, test } from "vitest";
import { isoDay, isoSeconds, offsetMinutes, offsetText, wallClock, type Zone } from "./zones.ts";

const ZONES: readonly Zone[] = [
  "Europe/Berlin",
  "Europe/London",
  "America/New_York",
  "America/Los_Angeles",
  "Asia/Tokyo",
];

test("the offset is the one Intl knows, hour by hour over a year with both clock changes", () => {
  for (const zone of ZONES) {
    const format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" });
    for (let at = Date.UTC(2025, 11, 30); at < Date.UTC(2027, 0, 3); at += 3_600_000) {
      expect(isoSeconds(wallClock(zone, at)).replace("T", " ")).toBe(format.format(at));
    }
  }
});

test("the change is at the minute it happens", () => {
  const change = Date.UTC(2026, 2, 29, 1);
  expect(offsetMinutes("Europe/Berlin", change - 1)).toBe(60);
  expect(offsetMinutes("Europe/Berlin", change)).toBe(120);
});

test("times are written as Date writes them", () => {
  for (const at of [0, Date.UTC(2026, 1, 28, 23, 59, 59), Date.UTC(2024, 1, 29, 12, 5, 9), -1000]) {
    expect(isoSeconds(at)).toBe(new Date(at).toISOString().slice(0, 19));
    expect(isoDay(at)).toBe(new Date(at).toISOString().slice(0, 10));
  }
  expect([offsetText(-210), offsetText(-210, ":"), offsetText(60)]).toEqual(["-0330", "-03:30", "+0100"]);
});
