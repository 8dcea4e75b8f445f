import * as fc from "fast-check";
import { expect, test } from "vitest";
import { withStagedInbox } from "../../models/testing/staged-inbox.ts";
import { cellText } from "../testing/delimited-variants.ts";
import { shopifyReturns } from "./shopify-returns.ts";

const line = fc.record({
  units: fc.integer({ min: 1, max: 5 }),
  words: cellText,
  sku: fc.constantFrom("KETTLE", "LAMP"),
});
const cases = fc.array(fc.array(line, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 });
type Cases = readonly (readonly { units: number; words: string; sku: string }[])[];

interface Shape {
  readonly connection: "nodes" | "edges" | "array";
  readonly envelope: "orders" | "returns" | "plain" | "bulk";
  readonly indent: 0 | 2;
  readonly isMarked: boolean;
}
const shapes = fc.array(
  fc.record<Shape>({
    connection: fc.constantFrom("nodes", "edges", "array"),
    envelope: fc.constantFrom("orders", "returns", "plain", "bulk"),
    indent: fc.constantFrom(0, 2),
    isMarked: fc.boolean(),
  }),
  { minLength: 12, maxLength: 12 },
);

const connected = (items: readonly object[], connection: Shape["connection"]) => {
  if (connection === "array") return items;
  return connection === "nodes" ? { nodes: items } : { edges: items.map((node) => ({ cursor: "x", node })) };
};
const gid = (kind: string, id: string) => `gid://shopify/${kind}/${id}`;

/** The same orders, returns and lines in the shape asked for; numbers begin with the file's. */
function written(all: Cases, file: number, shape: Shape): { name: string; text: string } {
  const orders = all.map((lines, index) => {
    const id = `${file}00${index}`;
    return {
      id: gid("Order", id),
      name: `#${id}`,
      rma: {
        id: gid("Return", id),
        status: "CLOSED",
        createdAt: "2026-01-01T09:00:00Z",
        closedAt: "2026-01-05T09:00:00Z",
      },
      lines: lines.map(({ units, words, sku }, place) => ({
        id: gid("ReturnLineItem", `${id}${place}`),
        quantity: units,
        returnReason: "DEFECTIVE",
        customerNote: words,
        fulfillmentLineItem: { lineItem: { sku } },
      })),
    };
  });
  const mark = shape.isMarked ? "\uFEFF" : "";
  const json = (value: unknown) => `${mark}${JSON.stringify(value, null, shape.indent)}`;
  const { connection } = shape;
  if (shape.envelope === "bulk") {
    const objects = orders.flatMap(({ id, name, rma, lines }) => [
      { id, name },
      { ...rma, __parentId: id },
      ...lines.map((each) => ({ ...each, __parentId: rma.id })),
    ]);
    return { name: `${file}.jsonl`, text: mark + objects.map((each) => JSON.stringify(each)).join("\n") };
  }
  const whole = orders.map(({ name, rma, lines }) => ({
    ...rma,
    order: { name },
    returnLineItems: connected(lines, connection),
  }));
  if (shape.envelope === "plain") return { name: `${file}.json`, text: json({ returns: whole }) };
  if (shape.envelope === "returns") {
    return { name: `${file}.json`, text: json({ data: { returns: connected(whole, connection) } }) };
  }
  const parents = orders.map(({ id, name }, index) => {
    const { order: _, ...rma } = whole[index] ?? { order: {} };
    return { id, name, returns: connected([rma], connection) };
  });
  return { name: `${file}.json`, text: json({ data: { orders: connected(parents, connection) }, extensions: {} }) };
}

test("however an answer is shaped - orders or returns, nodes, edges, lists or bulk lines - its return lines are the same", async () => {
  await fc.assert(
    fc.asyncProperty(cases, shapes, async (all, files) => {
      const exports = files.map((shape, file) => written(all, file + 1, shape));
      await withStagedInbox(
        shopifyReturns,
        Object.fromEntries(exports.map(({ name, text }) => [name, text])),
        async (query) => {
          expect(await query("select path, message from raw.files where status <> 'loaded'")).toEqual([]);
          expect(await query("select * from main.quarantine")).toEqual([]);
          const sql = "select return_id, order_id, product_id, quantity, returned_at from staging.returns";
          const expected = files.flatMap((_, file) =>
            all.flatMap((lines, index) =>
              lines.map(({ units, sku }, place) => ({
                return_id: `${file + 1}00${index}${place}`,
                order_id: `#${file + 1}00${index}`,
                product_id: sku,
                quantity: units,
                returned_at: "2026-01-05T09:00:00",
              })),
            ),
          );
          const texts = (rows: readonly object[]) => new Set(rows.map((row) => JSON.stringify(row)));
          expect(texts(await query(sql))).toEqual(texts(expected));
        },
      );
    }),
    { numRuns: 4, endOnFailure: true },
  );
}, 60_000);
