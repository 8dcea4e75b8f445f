import { describe, expect, it } from "vitest";
import { count, day, flag, nullableNumber, nullableText, rowsOfCompact, text } from "./parse.ts";

describe("numbers", () => {
  it("come as text and leave as numbers", () => {
    expect(nullableNumber.parse("12.5")).toBe(12.5);
    expect(nullableNumber.parse("1e-7")).toBe(1e-7);
    expect(nullableNumber.parse(3)).toBe(3);
  });

  it("nothing stays nothing for a value and is 0 for a count", () => {
    expect(nullableNumber.parse(null)).toBeNull();
    expect(nullableNumber.parse("")).toBeNull();
    expect(count.parse(null)).toBe(0);
    expect(count.parse("0")).toBe(0);
  });

  it("refuse what is not a number instead of drawing NaN", () => {
    expect(() => nullableNumber.parse("n/a")).toThrow("not a number: n/a");
    expect(() => nullableNumber.parse("NaN")).toThrow("not a number: NaN");
  });
});

describe("text, days and flags", () => {
  it("keep unknown apart from empty", () => {
    expect(text.parse(null)).toBe("unknown");
    expect(nullableText.parse(null)).toBeNull();
    expect(day.parse("2026-11-03T00:00:00.000")).toBe("2026-11-03");
  });

  it("read a flag in each form a driver gives", () => {
    expect([true, "true", 1, "1"].map((value) => flag.parse(value))).toEqual([true, true, true, true]);
    expect([false, "false", 0, null].map((value) => flag.parse(value))).toEqual([false, false, false, false]);
  });
});

it("compact rows are keyed by member without the view", () => {
  const rows = rowsOfCompact({
    members: ["service.created_at.day", "service.tickets", "service.created_at"],
    dataset: [["2026-11-03T00:00:00.000", "7", "2026-11-03T00:00:00.000"]],
  });
  expect(rows).toEqual([
    { "created_at.day": "2026-11-03T00:00:00.000", tickets: "7", created_at: "2026-11-03T00:00:00.000" },
  ]);
});
