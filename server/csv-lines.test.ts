import { parse } from "csv-parse/sync";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { csvCell, csvLine } from "./csv-lines.ts";

test.each([
  ["=1+1", "'=1+1"],
  ["+49 30 1234", "'+49 30 1234"],
  ["-cmd", "'-cmd"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["  =1", "'  =1"],
  ["\t=1", "'\t=1"],
  ["＝1", "'＝1"],
  ['=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
  ["a=b", "a=b"],
  ["Größe, 尺码", '"Größe, 尺码"'],
  ["two\nlines", '"two\nlines"'],
  ["", ""],
])("the text %j becomes %j", (text, cell) => {
  expect(csvCell(text, true)).toBe(cell);
});

test("numbers keep their sign, null is empty", () => {
  expect([csvCell("-5.5", false), csvCell(-3, false), csvCell(null, true), csvCell(true, false)]).toEqual([
    "-5.5",
    "-3",
    "",
    "true",
  ]);
});

test("any text is read back as it was, but for the mark before a formula", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 5 }), (cells) => {
      const line = csvLine(cells.map((cell) => csvCell(cell, true)));
      const [read] = parse(line, { record_delimiter: "\r\n", skip_empty_lines: false });
      const expected = cells.map((cell) =>
        csvCell(cell, true).replace(/^"/, "").startsWith("'") && !cell.startsWith("'") ? `'${cell}` : cell,
      );
      expect(read ?? [""]).toEqual(expected);
    }),
  );
});
