import * as fc from "fast-check";
import { expect, test } from "vitest";
import { freshdesk } from "./freshdesk.ts";
import { withDeskExports, type Query } from "../testing/desk-exports.ts";

const SETTINGS = "time_zones: { freshdesk: America/Sao_Paulo }";
const VARIANTS = 8;

type Cells = Readonly<Record<string, string>>;

const text = fc
  .array(
    fc.constantFrom("Scarf", " ", ",", '"', ";", "\n", "\r\n", "\t", "破損", "é", "=1+1", "'", "a@example.com", "😀"),
    {
      maxLength: 8,
    },
  )
  .map((parts) => parts.join(""));
const time = fc
  .date({ min: new Date("2024-01-01T00:00:00Z"), max: new Date("2026-06-01T00:00:00Z"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 19).replace("T", " "));
const maybe = (cell: fc.Arbitrary<string>) => fc.oneof(fc.constant(""), cell);

const REQUIRED = ["Ticket ID", "Created time"];
const ticket: fc.Arbitrary<Cells> = fc.record({
  "Created time": time,
  "Resolved time": maybe(time),
  "Closed time": maybe(time),
  "Last update time": time,
  "Initial response time": maybe(time),
  "First response time (in hrs)": fc.constantFrom("", "00:00:00", "30:15:00", "1.5"),
  "Resolution time (in hrs)": fc.constantFrom("", "00:00:00", "100:00:30", "2"),
  Subject: text,
  Description: text,
  Status: fc.constantFrom("Open", "Closed", "Gelöst", "4", "Something own"),
  Priority: fc.constantFrom("", "Low", "Medium", "4"),
  Source: fc.constantFrom("", "Email", "Outbound Email", "7"),
  Type: fc.constantFrom("", "Question", "Incident", "Defective", "Own type"),
  Group: fc.constantFrom("", "Returns"),
  "Agent interactions": fc.constantFrom("", "0", "3"),
  Tags: fc.constantFrom("", "vip", "vip, late delivery", "defective,vip"),
  "Survey results": fc.constantFrom("", "Extremely Happy", "Neutral", "2"),
  Email: fc.constantFrom("", "anna@example.com", "BO@example.com"),
  "Contact ID": fc.constantFrom("1", "2"),
  Language: fc.constantFrom("", "de-DE", "en"),
  "Order number": fc.constantFrom("", "#1001", "1002"),
});
const OPTIONAL = Object.keys(fc.sample(ticket, 1)[0] ?? {}).filter((name) => !REQUIRED.includes(name));
const FURTHER = ["Due by Time", "Colour", "Others", "Company Name", "Umsatz (€)"];
const ALL = [...REQUIRED, ...OPTIONAL, ...FURTHER];

/** How else the same table may be written. */
const writing = fc.record({
  order: fc.shuffledSubarray(ALL, { minLength: ALL.length }),
  left: fc.subarray(OPTIONAL),
  casing: fc.constantFrom("asIs", "upper", "lower", "spaced", "underscored"),
  lineEnd: fc.constantFrom("\n", "\r\n"),
  quotes: fc.constantFrom("needed", "always"),
  encoding: fc.constantFrom("utf8", "utf8-bom", "utf16le-bom"),
  further: fc.subarray(FURTHER),
  hasLastLineEnd: fc.boolean(),
});
type Writing = typeof writing extends fc.Arbitrary<infer T> ? T : never;

const CASINGS: Record<Writing["casing"], (header: string) => string> = {
  asIs: (header) => header,
  upper: (header) => header.toUpperCase(),
  lower: (header) => header.toLowerCase(),
  spaced: (header) => ` ${header}  `,
  underscored: (header) => header.replaceAll(" ", "_"),
};

function cell(value: string, quotes: Writing["quotes"]): string {
  return quotes === "always" || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function written(rows: readonly Cells[], how: Writing): Buffer {
  const isWritten = (name: string) =>
    !how.left.includes(name) && (!FURTHER.includes(name) || how.further.includes(name));
  const names = how.order.filter(isWritten);
  const lines = [
    names.map((name) => cell(CASINGS[how.casing](name), how.quotes)),
    ...rows.map((row) => names.map((name) => cell(row[name] ?? "something else", how.quotes))),
  ];
  const all = lines.map((cells) => cells.join(",")).join(how.lineEnd) + (how.hasLastLineEnd ? how.lineEnd : "");
  if (how.encoding === "utf16le-bom") return Buffer.from(`\uFEFF${all}`, "utf16le");
  return Buffer.from(how.encoding === "utf8-bom" ? `\uFEFF${all}` : all, "utf8");
}

/** The same columns in their usual order and plainest writing. */
function plain(rows: readonly Cells[], left: readonly string[]): string {
  const names = [...REQUIRED, ...OPTIONAL.filter((name) => !left.includes(name))];
  const lines = [names, ...rows.map((row) => names.map((name) => row[name] ?? ""))];
  return `${lines.map((cells) => cells.map((value) => cell(value, "always")).join(",")).join("\n")}\n`;
}

const numbered = (rows: readonly Cells[], file: string) =>
  rows.map((row, index) => ({ ...row, "Ticket ID": `${file}-${index}` }));

/** Typed rows of one file, without what names the file. */
async function typedRows(query: Query, table: string, key: string, file: string): Promise<unknown[]> {
  const rows = await query(
    `select * exclude (_file_id, _row_no) from staging.${table} where ticket_id like '${file}-%' order by ${key}`,
  );
  return rows.map((row) => JSON.parse(JSON.stringify(row).replaceAll(`${file}-`, "-")) as unknown);
}

test("the same tickets give the same rows, whatever the order, casing, quotes, line ends and further columns of the file", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(ticket, { minLength: 1, maxLength: 4 }),
      fc.array(writing, { minLength: VARIANTS, maxLength: VARIANTS }),
      async (rows, writings) => {
        const files: Record<string, string | Buffer> = {};
        for (const [index, how] of writings.entries()) {
          files[`p${index}.csv`] = plain(numbered(rows, `p${index}`), how.left);
          files[`v${index}.csv`] = written(numbered(rows, `v${index}`), how);
        }
        await withDeskExports({ source: freshdesk, files, settings: SETTINGS, upTo: "rows" }, async (query) => {
          expect(await query("select count(*) as n from staging.tickets")).toEqual([{ n: 2 * VARIANTS * rows.length }]);
          expect(await query("select * from quarantine")).toEqual([]);
          for (const index of writings.keys()) {
            for (const [table, key] of [
              ["tickets", "ticket_id"],
              ["survey_responses", "survey_response_id"],
            ] as const) {
              const expected = await typedRows(query, table, key, `p${index}`);
              expect(await typedRows(query, table, key, `v${index}`)).toEqual(expected);
            }
          }
        });
      },
    ),
    { numRuns: 10 },
  );
}, 300_000);

test("any cells are read or told: no row is lost, and none stops the run", async () => {
  const wild = fc.oneof(
    text,
    fc.constantFrom("0000-00-00", "99:99:99", "-1", "1e999", "NaN", "{}", "2026-02-30 25:00:00"),
  );
  const row = fc.record(Object.fromEntries([...REQUIRED.slice(1), ...OPTIONAL].map((name) => [name, wild])));
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 20, maxLength: 20 }), async (rows) => {
      const files = { "wild.csv": plain(numbered(rows, "w"), []) };
      await withDeskExports({ source: freshdesk, files, settings: SETTINGS, upTo: "rows" }, async (query) => {
        const sql = `select (select count(*) from staging.tickets) + (
            select count(distinct row_no) from quarantine where entity = 'tickets' and (column_name = 'created_at')
          ) as n`;
        expect(await query(sql)).toEqual([{ n: rows.length }]);
      });
    }),
    { numRuns: 10 },
  );
}, 300_000);
