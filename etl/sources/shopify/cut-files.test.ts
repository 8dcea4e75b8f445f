// A file of an export may end anywhere: within an order the next one goes on where it stopped.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withStagedInbox, type Query } from "../../models/testing/staged-inbox.ts";
import { shopify } from "./shopify.ts";

const HEADER = "Name,Created at,Total,Lineitem quantity,Lineitem name,Lineitem sku,Note Attributes";
const csv = (rows: readonly string[]) => [HEADER, ...rows].join("\n");
const first = (order: string, sku: string, notes = "") =>
  `#${order},2026-01-01 10:00:00 +0100,9,1,${sku},${sku},${notes}`;
const more = (order: string, sku: string) => `#${order},,,1,${sku},${sku},`;

interface Marts {
  readonly orders: unknown;
  readonly lines: unknown;
  readonly missing: unknown;
}

/** When each file was last changed, in days; the first is the oldest unless given. */
type Days = Readonly<Record<string, number>>;

function inOrderOf(files: Readonly<Record<string, string>>, days?: Days): (name: string) => Date {
  const names = Object.keys(files);
  return (name) => new Date(Date.UTC(2026, 5, 1 + (days?.[name] ?? names.indexOf(name))));
}

async function martsOf(files: Readonly<Record<string, string>>, days?: Days): Promise<Marts> {
  let marts: Marts = { orders: null, lines: null, missing: null };
  const read = async (query: Query) => {
    marts = {
      orders: await query("select order_id, total_amount, unit_count from orders order by 1"),
      lines: await query(
        "select order_item_id as id, product_id as sku, quantity, lot, warehouse from order_items order by 1",
      ),
      missing: await query("select entity, path, row_no, column_name, reason from quarantine order by path, row_no"),
    };
  };
  await withStagedInbox(shopify, files, read, { changedAt: inOrderOf(files, days) });
  return marts;
}

/** What all marts are made of. */
async function rowsOf(files: Readonly<Record<string, string>>, days?: Days): Promise<unknown> {
  let rows: unknown;
  const read = async (query: Query) => {
    rows = {
      orders: await query("select order_id, ordered_at, total_amount from staging.orders order by 1"),
      lines: await query(
        "select order_item_id, order_id, product_id, quantity, lot, warehouse from staging.int_order_items order by 1",
      ),
      missing: await query("select entity, column_name, reason from quarantine"),
    };
  };
  await withStagedInbox(shopify, files, read, { changedAt: inOrderOf(files, days), upTo: "int_order_items" });
  return rows;
}

const idsOf = ({ lines }: Marts) => (lines as { id: string; sku: string }[]).map(({ id, sku }) => `${id} ${sku}`);

describe("an order cut by the end of a file", () => {
  test("goes on over as many files as it takes, and has its lots and warehouse in all of them", async () => {
    const notes = '"warehouse: Leipzig\nlot MUG: L1\nlot BOWL: L2\nlot CUP: L3\nlot CUP: L4"';
    const files = {
      "1.csv": csv([first("1", "PLATE"), first("2", "MUG", notes)]),
      "2.csv": csv([more("2", "BOWL")]),
      "3.csv": csv([more("2", "CUP"), more("2", "MUG"), first("3", "PLATE")]),
    };
    const { lines } = await martsOf(files);
    const leipzig = { quantity: 1, warehouse: "Leipzig" };
    const unknown = { quantity: 1, lot: "unknown", warehouse: "unknown" };
    expect(lines).toEqual([
      { id: "#1:1", sku: "PLATE", ...unknown },
      { id: "#2:1", sku: "MUG", lot: "L1", ...leipzig },
      { id: "#2:2", sku: "BOWL", lot: "L2", ...leipzig },
      { id: "#2:3", sku: "CUP", lot: "unknown", ...leipzig },
      { id: "#2:4", sku: "MUG", lot: "L1", ...leipzig },
      { id: "#3:1", sku: "PLATE", ...unknown },
    ]);
  });

  test("whose files lie there twice has its lines once", async () => {
    const one = csv([first("1", "MUG")]);
    const two = csv([more("1", "BOWL"), first("2", "CUP")]);
    const whole = ["#1:1 MUG", "#1:2 BOWL", "#2:1 CUP"];
    expect(idsOf(await martsOf({ "1.csv": one, "2.csv": two, "1 copy.csv": one, "2 copy.csv": two }))).toEqual(whole);
    expect(idsOf(await martsOf({ "1.csv": one, "1 copy.csv": one, "2.csv": two, "2 copy.csv": two }))).toEqual(whole);
  });

  test("is whole in a later file: nothing of the older parts is left, nor do they return", async () => {
    const older = { "1.csv": csv([first("1", "MUG")]), "2.csv": csv([more("1", "BOWL"), more("1", "CUP")]) };
    expect(idsOf(await martsOf({ ...older, "3.csv": csv([first("1", "PLATE"), first("2", "CUP")]) }))).toEqual([
      "#1:1 PLATE",
      "#2:1 CUP",
    ]);
    // Whole and the last of its file: what would go on with it is older than it.
    expect(idsOf(await martsOf({ ...older, "3.csv": csv([first("2", "CUP"), first("1", "PLATE")]) }))).toEqual([
      "#1:1 PLATE",
      "#2:1 CUP",
    ]);
  });

  test("does not go on with a later file's lines of a version whose beginning is missing", async () => {
    const files = { "1.csv": csv([first("1", "MUG"), first("2", "CUP")]), "2.csv": csv([more("1", "BOWL")]) };
    expect(idsOf(await martsOf(files))).toEqual(["#1:1 MUG", "#2:1 CUP"]);
  });

  test("is put together though its first file was copied last", async () => {
    const files = { "1.csv": csv([first("1", "MUG")]), "2.csv": csv([more("1", "BOWL"), first("2", "CUP")]) };
    expect(idsOf(await martsOf(files, { "1.csv": 2, "2.csv": 1 }))).toEqual(["#1:1 MUG", "#1:2 BOWL", "#2:1 CUP"]);
  });

  test("and begun in no file is told in quarantine, once", async () => {
    const files = { "1.csv": csv([more("7", "MUG")]), "2.csv": csv([more("7", "BOWL"), first("8", "CUP")]) };
    const { orders, missing } = await martsOf(files);
    expect(orders).toEqual([{ order_id: "8", total_amount: 9, unit_count: 1 }]);
    expect(missing).toEqual([
      { entity: "orders", path: "shopify/1.csv", row_no: 1, column_name: "ordered_at", reason: "missing_required" },
    ]);
  });
});

const sku = fc.constantFrom("MUG", "BOWL", "PLATE");
const order = fc.record({
  lines: fc.array(sku, { minLength: 1, maxLength: 4 }),
  notes: fc.constantFrom("", '"warehouse: Leipzig"', '"lot MUG: L1\nwarehouse: Berlin\nlot PLATE: L2"'),
  olderLines: fc.array(sku, { maxLength: 5 }),
});
const shop = fc.array(order, { minLength: 1, maxLength: 12 });

test("an export cut into files at any rows and named anyhow gives what the uncut one gives, older exports there or not", async () => {
  const cuts = fc.array(fc.nat(40), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(shop, cuts, fc.infiniteStream(fc.nat(1e6)), async (orders, cutsAt, names) => {
      const rows = orders.flatMap(({ lines, notes }, index) =>
        lines.map((each, line) => (line === 0 ? first(`${index}`, each, notes) : more(`${index}`, each))),
      );
      const older = orders.flatMap(({ olderLines }, index) =>
        olderLines.map((each, line) => (line === 0 ? first(`${index}`, each) : more(`${index}`, each))),
      );
      const ends = [...new Set([...cutsAt.filter((at) => at > 0 && at < rows.length), rows.length])].toSorted(
        (left, right) => left - right,
      );
      const files: Record<string, string> = {};
      const days: Record<string, number> = {};
      for (const [index, end] of ends.entries()) {
        const name = `${names.next().value}-${index}.csv`;
        files[name] = csv(rows.slice(ends[index - 1] ?? 0, end));
        days[name] = 1 + index;
      }
      if (older.length > 0) files["500000-older.csv"] = csv(older);
      days["500000-older.csv"] = 0;
      expect(await rowsOf(files, days)).toEqual(await rowsOf({ "uncut.csv": csv(rows) }));
    }),
    { numRuns: 8 },
  );
}, 240_000);
