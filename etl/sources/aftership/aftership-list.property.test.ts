// However the admin's list is written, it is the same list: columns in any order, headers in any spelling, quotes, line ends, a mark.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { withStagedInbox } from "../../models/testing/staged-inbox.ts";
import { aftership } from "./aftership.ts";

const HEADERS = [
  "Tracking number",
  "Order number",
  "Carrier",
  "Status",
  "Sub-status",
  "Issues",
  "Origin",
  "Destination",
  "Estimated delivery date",
];
const ROWS: readonly (readonly string[])[] = [
  [
    "RR7",
    "#1007",
    "China Post",
    "In transit",
    "Customs clearance started",
    "",
    "Shenzhen, China",
    "Germany",
    "2026-02-01 - 2026-02-04",
  ],
  ["1Z8", "1008", "UPS", "Delivered", "", "", "CHN", "USA", "Feb 03, 2026"],
  ["940", "1009", 'The "Post"', "Exception", "Exception", "Shipment lost", "", "", ""],
];

interface Layout {
  readonly order: readonly number[];
  readonly spelling: number;
  readonly isQuoted: boolean;
  readonly lineEnd: string;
  readonly mark: string;
  readonly extra: string;
}

const layout: fc.Arbitrary<Layout> = fc.record({
  order: fc.shuffledSubarray([...HEADERS.keys()], { minLength: HEADERS.length }),
  spelling: fc.integer({ min: 0, max: 3 }),
  isQuoted: fc.boolean(),
  lineEnd: fc.constantFrom("\n", "\r\n"),
  mark: fc.constantFrom("", "\uFEFF"),
  extra: fc.constantFrom("", "Shipment title", "备注", "On-time status"),
});

function spelled(header: string, spelling: number): string {
  const spellings = [header, header.toUpperCase(), header.toLowerCase().replaceAll(/[ -]/g, "_"), ` ${header} `];
  return spellings[spelling] ?? header;
}

function written({ order, spelling, isQuoted, lineEnd, mark, extra }: Layout): string {
  const cell = (text: string) => (isQuoted || /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const line = (cells: readonly string[], more: string) =>
    [...(extra ? [more] : []), ...order.map((index) => cells[index] ?? "")].map(cell).join(",");
  const header = line(
    HEADERS.map((name) => spelled(name, spelling)),
    extra,
  );
  return mark + [header, ...ROWS.map((row) => line(row, "x"))].join(lineEnd) + lineEnd;
}

async function parcels(text: string): Promise<unknown> {
  let rows: unknown;
  await withStagedInbox(aftership, { "list.csv": text }, async (query) => {
    rows = [await query("select * from shipments order by shipment_id"), await query("select * from main.quarantine")];
  });
  return rows;
}

test("the list gives the same parcels however it is written", async () => {
  const plain = await parcels(
    written({ order: [...HEADERS.keys()], spelling: 0, isQuoted: false, lineEnd: "\n", mark: "", extra: "" }),
  );
  expect(plain).toMatchObject([{ length: 3 }, []]);
  await fc.assert(
    fc.asyncProperty(layout, async (one) => {
      expect(await parcels(written(one))).toEqual(plain);
    }),
    { numRuns: 12 },
  );
}, 300_000);
