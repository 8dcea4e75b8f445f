import { expect, it } from "vitest";
import { csvText } from "./csv.ts";

it("starts with a byte order mark and defuses formulas in text, not in numbers", async () => {
  const text = await csvText(
    ["comment", "change"],
    [
      ["=HYPERLINK(1)", -5],
      ["尺码偏小, 退货", null],
    ],
  );
  expect(text.charCodeAt(0)).toBe(0xfeff);
  const lines = text.slice(1).split("\r\n");
  expect(lines[0]).toBe("comment,change");
  expect(lines[1]).toBe(`"'=HYPERLINK(1)",-5`);
  expect(lines[2]).toBe(`"尺码偏小, 退货",`);
});
