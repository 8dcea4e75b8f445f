import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import iconv from "iconv-lite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { queryRows, withDuckDB } from "../../../shared/duckdb.ts";
import { buildStaging } from "../../build/build.ts";
import { extractInbox } from "../../files/extract.ts";
import { loadInbox } from "../../load/load.ts";
import { parseRunSettings } from "../../settings/run-settings.ts";
import { parseMapping } from "./parse-mapping.ts";

let inbox: string;
beforeEach(async () => {
  inbox = await mkdtemp(path.join(os.tmpdir(), "tabular-"));
});
afterEach(() => rm(inbox, { recursive: true, force: true }));

async function put(name: string, content: string | Buffer): Promise<void> {
  await mkdir(path.dirname(path.join(inbox, name)), { recursive: true });
  await writeFile(path.join(inbox, name), content);
}

/** Loads the inbox and returns the rows of a staging entity, and the quarantine. */
async function stage(
  entity: string,
  columns = "*",
): Promise<{
  rows: Record<string, unknown>[];
  quarantine: Record<string, unknown>[];
  files: { path: string; status: string; message: string | null }[];
  warnings: readonly string[];
}> {
  return withDuckDB(":memory:", {}, async (connection) => {
    const settings = parseRunSettings("");
    const work = await mkdtemp(path.join(os.tmpdir(), "work-"));
    try {
      const extract = await extractInbox(inbox, []);
      const loaded = await loadInbox({ connection, extract, settings, workFolder: work, report: () => undefined });
      await buildStaging({ connection, ...loaded, settings, hashKey: "k", now: new Date(), report: () => undefined });
      return {
        rows: await queryRows(connection, `select ${columns} from staging.${entity} order by 1`),
        quarantine: await queryRows(connection, "from main.quarantine order by row_no"),
        files: await queryRows(connection, "select path, status, message from raw.files order by file_id"),
        warnings: loaded.warnings,
      };
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
}

const returns = (more: string) => `
entity: returns
system: shop
files: "*.csv"
time_zone: Europe/Berlin
${more}`;
const RETURN_COLUMNS = `columns:
  return_id: Id
  returned_at: Day
`;

describe("a mapping", () => {
  it("changes values as it says", async () => {
    await put(
      "returns.mapping.yml",
      returns(`columns:
  return_id: { concat: [Id, $row], separator: "-" }
  returned_at: { column: Day, format: ["%d.%m.%Y", "%d.%m.%Y %H:%M"] }
  order_id: { template: "DE/{Order}" }
  product_id: { column: Sku, upper: true, prefix: "S-" }
  quantity: { column: Qty, absolute: true }
  refund_amount: { column: Refund, decimal_comma: true, negate: true }
  reason_raw: { column: Why, values: { D: defect, L: late }, otherwise: { constant: other } }
  currency: { constant: EUR }
`),
    );
    await put(
      "a.csv",
      'Id,Day,Order,Sku,Qty,Refund,Why\n1,24.12.2025,7,ab,-2,"-1.234,50",D\n2,24.12.2025 18:30,,cd,x,0,Z\n',
    );
    const { rows, quarantine } = await stage(
      "returns",
      "return_id, returned_at, returned_at_precision, order_id, product_id, quantity, refund_amount, reason_raw",
    );
    expect(rows).toEqual([
      {
        return_id: "1-1",
        returned_at: "2025-12-24T00:00:00",
        returned_at_precision: "date",
        order_id: "DE/7",
        product_id: "S-AB",
        quantity: 2,
        refund_amount: 1234.5,
        reason_raw: "defect",
      },
      {
        return_id: "2-2",
        returned_at: "2025-12-24T17:30:00",
        returned_at_precision: "local",
        order_id: null,
        product_id: "S-CD",
        quantity: null,
        refund_amount: 0,
        reason_raw: "other",
      },
    ]);
    expect(quarantine).toMatchObject([
      { row_no: 2, column_name: "quantity", reason: "bad_number", raw: "x", path: "a.csv" },
    ]);
  });

  it("of tickets that fills no time of a reply cannot tell who waits, unless it says so", async () => {
    const mapping = (system: string, more: string) =>
      `entity: tickets\nsystem: ${system}\nfiles: a.csv\ntime_zone: UTC\ncolumns:\n  ticket_id: Id\n  created_at: Day\n${more}`;
    await put("silent.mapping.yml", mapping("a_silent", "  agent_replies: Count\n"));
    await put("telling.mapping.yml", mapping("b_telling", "  first_replied_at: Reply\n"));
    await put("own.mapping.yml", mapping("c_own", "  is_reply_known: Known\n"));
    await put("a.csv", "Id,Day,Count,Reply,Known\n1,2026-01-05,0,,yes\n");
    const { rows } = await stage("tickets", "source_system, is_reply_known");
    expect(rows).toEqual([
      { source_system: "a_silent", is_reply_known: false },
      { source_system: "b_telling", is_reply_known: null },
      { source_system: "c_own", is_reply_known: true },
    ]);
  });

  it("keeps the rows its conditions let through", async () => {
    const conditions: [string, string[]][] = [
      ["{ column: Id, matches: '^A' }", ["A1", "A2"]],
      ["{ column: Id, not_matches: '^A' }", ["B1"]],
      ["{ column: N, equals: 5 }", ["A1"]],
      ["{ column: N, not_equals: 5 }", ["A2", "B1"]],
      ["{ column: Id, in: [A1, B1] }", ["A1", "B1"]],
      ["{ column: Id, not_in: [A1, B1] }", ["A2"]],
      ["{ column: N, not_empty: true }", ["A1", "A2"]],
      ["{ column: N, less_than: 0 }", ["A2"]],
      ["{ column: N, greater_than: -1 }", ["A1"]],
    ];
    await put("a.csv", "Id,Day,N\nA1,2025-01-01,5\nA2,2025-01-01,-3\nB1,2025-01-01,\n");
    for (const [condition, expected] of conditions) {
      await put("returns.mapping.yml", returns(`${RETURN_COLUMNS}where: [${condition}]`));
      const { rows } = await stage("returns", "return_id");
      expect([condition, rows.map((row) => row.return_id)]).toEqual([condition, expected]);
    }
  });

  it("makes one row per key with first, min, max, sum, count and a product", async () => {
    await put(
      "orders.mapping.yml",
      `
entity: orders
system: shop
files: lines.csv
time_zone: UTC
first_per_key: true
columns:
  order_id: Order
  ordered_at: { column: At, aggregate: min }
  shipped_at: { column: At, aggregate: max }
  status: Status
  total_amount: { product: [Qty, Price], aggregate: sum }
  refunded_amount: { column: Qty, aggregate: count }
`,
    );
    await put(
      "lines.csv",
      "Order,At,Status,Qty,Price\n1,2025-01-02 10:00:00,paid,2,1.10\n1,2025-01-01 09:00:00,late,3,2\n2,2025-01-03 00:00:00,new,1,9.99\n",
    );
    const { rows } = await stage("orders", "order_id, ordered_at, shipped_at, status, total_amount, refunded_amount");
    expect(rows).toEqual([
      {
        order_id: "1",
        ordered_at: "2025-01-01T09:00:00",
        shipped_at: "2025-01-02T10:00:00",
        status: "paid",
        total_amount: 8.2,
        refunded_amount: 2,
      },
      {
        order_id: "2",
        ordered_at: "2025-01-03T00:00:00",
        shipped_at: "2025-01-03T00:00:00",
        status: "new",
        total_amount: 9.99,
        refunded_amount: 1,
      },
    ]);
  });

  it("joins another file without multiplying rows", async () => {
    await put(
      "sub/products.mapping.yml",
      `
entity: products
system: shop
files: products.txt
delimiter: ";"
join: [{ file: ../names.tsv, as: names, on: { Code: code } }]
columns:
  product_id: Sku
  category: names.name
`,
    );
    await put("sub/products.txt", "Sku;Code\n1;a\n2;b\n3;\n");
    await put("names.tsv", "code\tname\na\tToys\na\tOther\n");
    const { rows } = await stage("products", "product_id, category");
    expect(rows).toEqual([
      { product_id: "1", category: "Toys" },
      { product_id: "2", category: null },
      { product_id: "3", category: null },
    ]);
  });

  it("reads gzip, declared encodings, JSON Lines and several files", async () => {
    await put(
      "returns.mapping.yml",
      returns(`${RETURN_COLUMNS}  comment: Text\nencoding: windows-1252\n`).replace(
        '"*.csv"',
        '["*.csv", "**/*.csv.gz"]',
      ),
    );
    await put("a.csv", iconv.encode("Id,Day,Text\n1,2025-01-01,Größe\n", "windows-1252"));
    await put(
      "deep/er/b.csv.gz",
      gzipSync(iconv.encode("ID,Text,DAY\n2,passt nicht – zu klein,2025-01-02\n", "windows-1252")),
    );
    await put(
      "json.mapping.yml",
      returns(`columns: { return_id: id, returned_at: times.day, comment: Text }`).replace("*.csv", "*.jsonl"),
    );
    await put(
      "c.jsonl",
      '{"id": 3, "times": {"day": "2025-01-03"}, "Text": "é\\n数"}\n{"id": 4, "times": {"day": "2025-01-04"\n{"id": 5, "times": {"day": "2025-01-05"}, "Text": null}\n',
    );
    const { rows, quarantine } = await stage("returns", "return_id, comment");
    expect(rows).toEqual([
      { return_id: "1", comment: "Größe" },
      { return_id: "2", comment: "passt nicht – zu klein" },
      { return_id: "3", comment: "é\n数" },
      { return_id: "5", comment: null },
    ]);
    expect(quarantine).toMatchObject([{ path: "c.jsonl", row_no: 2, reason: "bad_json" }]);
  });

  it("hashes columns into one stable key, and gives a column a zone of its own", async () => {
    await put(
      "returns.mapping.yml",
      returns(`columns:
  return_id: { hash: [Id, Day] }
  returned_at: Day
  requested_at: { column: Asked, time_zone: America/New_York }
`),
    );
    await put(
      "a.csv",
      "Id,Day,Asked\n1,2025-01-01,2025-07-01 12:00:00\n1,2025-01-01,2025-07-01 12:00:00\n1,2025-01-02,\n",
    );
    const { rows } = await stage("returns", "return_id, requested_at");
    expect(rows).toHaveLength(2);
    expect(rows.map((row) => row.requested_at)).toEqual(expect.arrayContaining(["2025-07-01T16:00:00", null]));
  });
});

describe("a mapping that is wrong is told with file, key and the nearest right name:", () => {
  const cases: [string, string, RegExp][] = [
    [
      "unknown field",
      returns("columns: { return_id: Id, returned_at: Day, reasn_raw: Why }"),
      /columns\.reasn_raw: the entity returns has no field.*did you mean "reason_raw"/,
    ],
    ["missing required field", returns("columns: { return_id: Id }"), /also needs returned_at/],
    ["unknown key", returns(`${RETURN_COLUMNS}filter: []`), /filter is not a known key \(known: entity, system, files/],
    [
      "unknown entity",
      returns(RETURN_COLUMNS).replace("returns", "retuns"),
      /entity must be one of "products", "customers".*got "retuns" \(did you mean "returns"\?\)/,
    ],
    ["unknown zone", returns(RETURN_COLUMNS).replace("Europe/Berlin", "Berlin"), /time_zone is not an IANA time zone/],
    [
      "unknown delimiter",
      returns(`${RETURN_COLUMNS}delimiter: tab`),
      /delimiter must be one of ",", ";", "\\t", "\|", got "tab"/,
    ],
    [
      "a column that is no name",
      returns(RETURN_COLUMNS.replace("Id", "[Id]")),
      /columns\.return_id must be the name of a column, or a group such as \{ column: Name \}.*got \["Id"\]/,
    ],
    [
      "an unknown step",
      returns(RETURN_COLUMNS.replace("Id", "{ column: Id, uper: true }")),
      /columns\.return_id\.uper is not a known key/,
    ],
    ["no columns", returns(""), /columns is missing; it must be a group of keys/],
    ["no zone", returns(RETURN_COLUMNS).replace("time_zone: Europe/Berlin", ""), /time_zone is needed for returned_at/],
    [
      "two origins",
      returns(`${RETURN_COLUMNS}  comment: { column: a, constant: b }`),
      /columns\.comment needs exactly one of column, constant/,
    ],
    [
      "aggregate without key",
      returns(`${RETURN_COLUMNS}  quantity: { column: a, aggregate: sum }`),
      /aggregate needs `first_per_key: true`/,
    ],
    [
      "condition without test",
      returns(`${RETURN_COLUMNS}where: [{ column: a }]`),
      /where\[0\] needs a column and exactly one of matches/,
    ],
    ["no YAML", "entity: [", /is not valid YAML/],
  ];
  it.each(cases)("%s", (_, text, message) => {
    expect(parseMapping(text).problems.join("\n")).toMatch(message);
  });

  it("patterns that DuckDB does not know, and all wrong mappings of a run at once", async () => {
    await put("a.csv", "Id,Day\n1,2025-01-01\n");
    await put(
      "a.mapping.yml",
      returns(
        `${RETURN_COLUMNS.replace("Day", "{ column: Day, format: '%Q' }")}where: [{ column: Id, matches: '^(?!A)' }]`,
      ),
    );
    await put("b.mapping.yml", returns("columns: { return_id: Id }"));
    const attempt = stage("returns");
    await expect(attempt).rejects.toThrow(/a\.mapping\.yml: where\[0\]\.matches: .*lookaheads .* not supported/);
    await expect(attempt).rejects.toThrow(/a\.mapping\.yml: columns\.returned_at\.format: .*"%Q"/);
    await expect(attempt).rejects.toThrow(/b\.mapping\.yml: columns: the entity returns also needs returned_at/);
  });
});

describe("a file that its mapping does not fit is refused, and the others go on:", () => {
  const refusals: [string, string, RegExp][] = [
    ["a column it lacks", "Id,Dayy\n1,2025-01-01\n", /has no column "Day" \(did you mean "Dayy"\?\)/],
    ["none near", "Id,Whatever\n1,2025-01-01\n", /has no column "Day"\. Its columns: Id, Whatever/],
    ["another delimiter", "Id;Day\n1;2025-01-01\n", /looks ";"-separated: set `delimiter: ";"`/],
    ["a column twice", "Id,Day,day,DAY\n1,2025-01-01,,\n", /^$/],
    ["the same column twice", "Id,Day,Day\n1,2025-01-01,\n", /has the column "Day" more than once \(columns 2 and 3\)/],
  ];
  it.each(refusals)("%s", async (_, content, message) => {
    await put("returns.mapping.yml", returns(RETURN_COLUMNS));
    await put("a.csv", content);
    await put("b.csv", "Id,Day,Other,Other\n2,2025-01-02,,\n");
    const { rows, files } = await stage("returns", "return_id");
    const [refused] = files.filter((file) => file.status === "refused");
    expect(refused?.message ?? "").toMatch(message);
    expect(rows).toContainEqual({ return_id: "2" });
    expect(rows).toHaveLength(refused ? 1 : 2);
  });

  it("a joined file that is refused or missing, which leaves no holes", async () => {
    const join = `${RETURN_COLUMNS}  order_id: names.order
join: [{ file: names.txt, as: names, on: { Id: id } }]`;
    await put("returns.mapping.yml", returns(join));
    await put("more.mapping.yml", returns(RETURN_COLUMNS).replace("*.csv", "*.tsv"));
    await put("a.csv", "Id,Day\n1,2025-01-01\n");
    await put("c.tsv", "Id\tDay\n3\t2025-01-03\n");
    for (const [names, why] of [
      ["id,odrer\n1,7\n", "the joined file names.txt was refused"],
      [null, 'the joined file "names.txt" is not there'],
    ] as const) {
      await rm(path.join(inbox, "names.txt"), { force: true });
      if (names) await put("names.txt", names);
      const { rows, files } = await stage("returns", "return_id");
      expect(rows).toEqual([{ return_id: "3" }]);
      expect(files.find((file) => file.path === "a.csv")?.message).toContain(why);
    }
  });

  it("a pattern without a file is a warning, and a failure when nothing else is there", async () => {
    await put("returns.mapping.yml", returns(RETURN_COLUMNS).replace('"*.csv"', '[return.csv, "b*.csv"]'));
    await put("returns.csv", "Id,Day\n");
    const warning = /"return\.csv" matches no file in the inbox \(did you mean "returns\.csv"\?\)/;
    await expect(stage("returns")).rejects.toThrow(warning);
    await put("b.csv", "Id,Day\n2,2025-01-02\n");
    const { rows, warnings } = await stage("returns", "return_id");
    expect(rows).toHaveLength(1);
    expect(warnings).toEqual([expect.stringMatching(warning)]);
  });
});

it("`values` may empty a cell, such as the word for no answer", async () => {
  await put(
    "reviews.mapping.yml",
    `entity: survey_responses
system: shop
files: "*.csv"
time_zone: UTC
columns:
  survey_response_id: Id
  sent_at: Day
  scale: { constant: "1-5" }
  score: { column: Score, values: { not rated: null } }
`,
  );
  await put("a.csv", "Id,Day,Score\n1,2025-01-01,not rated\n2,2025-01-01,4.5\n3,2025-01-01,great\n");
  const { rows, quarantine } = await stage("survey_responses", "survey_response_id, score");
  expect(rows.map((row) => row.score)).toEqual([null, "4.5", null]);
  expect(quarantine).toMatchObject([{ row_no: 3, column_name: "score", reason: "bad_score", raw: "great" }]);
});

describe("a time format", () => {
  it("without an hour gives a day, also with %-d and %-m", async () => {
    await put("returns.mapping.yml", returns(RETURN_COLUMNS.replace("Day", "{ column: Day, format: '%-d.%-m.%Y' }")));
    await put("a.csv", "Id,Day\n1,5.3.2025\n");
    const { rows } = await stage("returns", "returned_at, returned_at_precision");
    expect(rows).toEqual([{ returned_at: "2025-03-05T00:00:00", returned_at_precision: "date" }]);
  });

  it("that does not fit is never read as ISO", async () => {
    await put(
      "returns.mapping.yml",
      returns(
        `${RETURN_COLUMNS}  requested_at: { column: Asked, format: "%d.%m.%Y" }\n  updated_at: { column: Asked, format: ["%d.%m.%Y", "%Y-%m-%d"] }`,
      ),
    );
    await put("a.csv", "Id,Day,Asked\n1,2025-01-01,2025-02-03\n2,2025-01-01,\n");
    const { rows, quarantine } = await stage("returns", "requested_at, updated_at");
    expect(rows[0]).toEqual({ requested_at: null, updated_at: "2025-02-03T00:00:00" });
    expect(quarantine).toMatchObject([
      { column_name: "requested_at", reason: "bad_time", raw: "not %d.%m.%Y: 2025-02-03" },
    ]);
  });
});
