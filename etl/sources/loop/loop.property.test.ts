import * as fc from "fast-check";
import { expect, test } from "vitest";
import { withStagedInbox } from "../../models/testing/staged-inbox.ts";
import { cellText } from "../testing/delimited-variants.ts";
import { loop } from "./loop.ts";

const item = fc.record({ cents: fc.nat(99_999), words: cellText, isTwin: fc.boolean() });
const cases = fc.array(fc.array(item, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 });

interface Shape {
  readonly envelope: "returns" | "data" | "bare" | "lines" | "one";
  readonly indent: 0 | 2;
  readonly isMarked: boolean;
  readonly isReversed: boolean;
}
const shapes = fc.array(
  fc.record<Shape>({
    envelope: fc.constantFrom("returns", "data", "bare", "lines", "one"),
    indent: fc.constantFrom(0, 2),
    isMarked: fc.boolean(),
    isReversed: fc.boolean(),
  }),
  { minLength: 12, maxLength: 12 },
);

/** Keys in the other order, at every depth. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, each]) => [key, reversed(each)]),
  );
}

function exported(returns: readonly object[], file: number, shape: Shape): { name: string; text: string }[] {
  const all = shape.isReversed ? returns.map(reversed) : returns;
  const mark = shape.isMarked ? "\uFEFF" : "";
  const json = (value: unknown) => mark + JSON.stringify(value, null, shape.indent);
  switch (shape.envelope) {
    case "returns":
      return [{ name: `${file}.json`, text: json({ returns: all, nextPageUrl: null }) }];
    case "data":
      return [{ name: `${file}.json`, text: json({ errors: [], data: all }) }];
    case "bare":
      return [{ name: `${file}.json`, text: json(all) }];
    case "lines":
      return [{ name: `${file}.ndjson`, text: mark + all.map((each) => JSON.stringify(each)).join("\r\n") }];
    case "one":
    default:
      return all.map((each, index) => ({ name: `${file}-${index}.json`, text: json(each) }));
  }
}

test("however a list is kept - enveloped, bare, by line, one a file, keys in any order - its units are the same", async () => {
  await fc.assert(
    fc.asyncProperty(cases, shapes, async (all, files) => {
      const returnsOf = (file: number) =>
        all.map((items, index) => ({
          id: `${file}0${index}`,
          state: "closed",
          outcome: "refund",
          order_name: `#${file}0${index}`,
          customer: null,
          currency: "USD",
          label_status: "delivered",
          label_updated_at: "2026-01-16T18:00:00.000Z",
          created_at: "2026-01-10T09:00:00.000Z",
          updated_at: "2026-01-20T08:00:00.000Z",
          line_items: items.flatMap(({ cents, words, isTwin }, place) =>
            Array.from({ length: isTwin ? 2 : 1 }, () => ({
              line_item_id: String(place),
              sku: "KETTLE",
              refund: (cents / 100).toFixed(2),
              return_reason: "Too small",
              return_comment: words,
            })),
          ),
        }));
      const exports = files.flatMap((shape, file) => exported(returnsOf(file), file, shape));
      await withStagedInbox(loop, Object.fromEntries(exports.map(({ name, text }) => [name, text])), async (query) => {
        expect(await query("select path, message from raw.files where status <> 'loaded'")).toEqual([]);
        expect(await query("select * from main.quarantine")).toEqual([]);
        const sql = "select return_id, order_id, refund_amount, returned_at from staging.returns";
        const expected = files.flatMap((_, file) =>
          all.flatMap((items, index) =>
            items.flatMap(({ cents, isTwin }, place) =>
              ["", ...(isTwin ? [":2"] : [])].map((twin) => ({
                return_id: `${file}0${index}:${place}${twin}`,
                order_id: `#${file}0${index}`,
                refund_amount: cents / 100,
                returned_at: "2026-01-16T18:00:00",
              })),
            ),
          ),
        );
        const found = (await query(sql)).map((row) => JSON.stringify(row)).toSorted();
        expect(found).toEqual(expected.map((row) => JSON.stringify(row)).toSorted());
      });
    }),
    { numRuns: 4, endOnFailure: true },
  );
}, 60_000);
