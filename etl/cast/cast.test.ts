import type { DuckDBConnection } from "@duckdb/node-api";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { queryRows, sqlString, withDuckDB } from "../../shared/duckdb.ts";
import { castEntities, type EntityCount } from "./cast.ts";
import { ENTITIES, entity } from "../entities.ts";
import { createRawTables } from "../load/raw-tables.ts";

type Row = Record<string, string | null>;

interface CastResult {
  rows: Record<string, unknown>[];
  quarantine: Record<string, unknown>[];
  counts: EntityCount[];
}

/** Casts text rows of one entity; `_file_id`, `_row_no` and `_time_zone` may be given with a row. */
async function cast(name: string, rows: Row[], reportingTimeZone = "UTC", hashKey = "key"): Promise<CastResult> {
  return withDuckDB(":memory:", {}, async (connection) => {
    await createRawTables(connection);
    // A file of two feeds has two rows.
    await connection.run(`insert into raw.files (file_id, feed, path, modified_at) values
      (1, 'a', 'old.csv', timestamp '2025-01-01'), (1, 'b', 'old.csv', timestamp '2025-01-01'),
      (2, 'a', 'new.csv', timestamp '2025-02-01'), (2, 'b', 'new.csv', timestamp '2025-02-01')`);
    await stage(connection, name, rows);
    const relation = `staging.stg_shop__${name}`;
    const counts = await castEntities(connection, [{ system: "shop", entity: name, relation }], {
      reportingTimeZone,
      hashKey,
    });
    return {
      rows: await queryRows(connection, `from staging.${name} order by _row_no`),
      quarantine: await queryRows(connection, "from main.quarantine order by row_no, column_name"),
      counts,
    };
  });
}

async function stage(connection: DuckDBConnection, name: string, rows: Row[]): Promise<void> {
  const fields = entity(name).fields.map((field) => field.name);
  const selects = rows.map((row, index) => {
    const own = fields.map(
      (field) =>
        `${row[field] === null || row[field] === undefined ? "null::varchar" : sqlString(row[field])} as ${field}`,
    );
    return `select ${own.join(", ")}, ${row._file_id ?? 1} as _file_id, ${row._row_no ?? index + 1} as _row_no, ${sqlString(row._time_zone ?? "UTC")} as _time_zone`;
  });
  await connection.run(`create table staging.stg_shop__${name} as ${selects.join(" union all ")}`);
}

const order = (fields: Row): Row => ({ order_id: "1", ordered_at: "2025-06-01T10:00:00Z", ...fields });
const ticket = (fields: Row): Row => ({ ticket_id: "1", created_at: "2025-06-01T10:00:00Z", ...fields });

/** The wall clock of a zone by Intl, as `YYYY-MM-DDTHH:MM:SS`. */
function wallClock(utc: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(utc);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}:${part("second")}`;
}

const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "America/Sao_Paulo",
  "Asia/Shanghai",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
];

/** Any moment, with the nights when clocks change drawn often. */
const moment = fc
  .oneof(
    fc.date({ min: new Date("2015-01-01"), max: new Date("2030-01-01"), noInvalidDate: true }),
    fc
      .tuple(
        fc.constantFrom("2025-03-30T00:00:00Z", "2025-10-26T00:00:00Z", "2025-03-09T06:00:00Z", "2025-11-02T05:00:00Z"),
        fc.integer({ min: -7200, max: 10_800 }),
      )
      .map(([start, seconds]) => new Date(Date.parse(start) + seconds * 1000)),
  )
  .map((date) => new Date(Math.floor(date.getTime() / 1000) * 1000));
const zone = fc.constantFrom(...ZONES);

describe("times", () => {
  it("with an offset become UTC and the reporting zone's wall clock, DST nights included", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(moment, { minLength: 20, maxLength: 40 }),
        zone,
        fc.integer({ min: -56, max: 56 }),
        async (moments, reporting, quarters) => {
          const minutes = quarters * 15;
          const sign = minutes < 0 ? "-" : "+";
          const two = (n: number) => String(Math.trunc(Math.abs(n))).padStart(2, "0");
          const forms = (date: Date, index: number) => {
            const local = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, 19);
            const offsets = [
              `${sign}${two(minutes / 60)}:${two(minutes % 60)}`,
              ` ${sign}${two(minutes / 60)}${two(minutes % 60)}`,
            ];
            if (index % 3 === 2) return `${date.toISOString().slice(0, 19)}Z`;
            return index % 3 === 0 ? `${local}${offsets[0]}` : `${local.replace("T", " ")}${offsets[1]}`;
          };
          const { rows } = await cast(
            "orders",
            moments.map((date, index) => order({ order_id: String(index), ordered_at: forms(date, index) })),
            reporting,
          );
          expect(rows.map((row) => row.ordered_at)).toEqual(moments.map((date) => date.toISOString().slice(0, 19)));
          expect(rows.map((row) => row.ordered_at_local)).toEqual(moments.map((date) => wallClock(date, reporting)));
          expect(new Set(rows.map((row) => row.ordered_at_precision))).toEqual(new Set(["instant"]));
        },
      ),
      { numRuns: 12 },
    );
  });

  it("without an offset are read in the source's zone: the wall clock comes back, a gap moves forward", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(moment, { minLength: 20, maxLength: 40 }), zone, async (moments, source) => {
        const written = moments.map((date) => wallClock(date, source));
        const { rows } = await cast(
          "orders",
          written.map((text, index) =>
            order({ order_id: String(index), ordered_at: text.replace("T", " "), _time_zone: source }),
          ),
          source,
        );
        expect(rows.map((row) => row.ordered_at_local)).toEqual(written);
        expect(rows.map((row) => wallClock(new Date(`${String(row.ordered_at)}Z`), source))).toEqual(written);
      }),
      { numRuns: 12 },
    );
    const gap = await cast(
      "orders",
      [order({ ordered_at: "2025-03-30 02:30:00", _time_zone: "Europe/Berlin" })],
      "Europe/Berlin",
    );
    expect(gap.rows[0]).toMatchObject({
      ordered_at: "2025-03-30T01:30:00",
      ordered_at_local: "2025-03-30T03:30:00",
      ordered_at_precision: "local",
    });
  });

  it("have a day: as written where no offset stands, the reporting zone's where one does", async () => {
    const written = ["2025-07-01 23:30:00", "2025-07-01", "2025-07-01T23:30:00-03:00", "2025-07-01T23:30:00Z"];
    const days = async (reporting: string) => {
      const orders = written.map((text, index) =>
        order({ order_id: String(index), ordered_at: text, _time_zone: "America/Sao_Paulo" }),
      );
      const { rows } = await cast("orders", orders, reporting);
      return rows.map((row) => row.ordered_at_date);
    };
    expect(await days("UTC")).toEqual(["2025-07-01", "2025-07-01", "2025-07-02", "2025-07-01"]);
    expect(await days("America/Sao_Paulo")).toEqual(["2025-07-01", "2025-07-01", "2025-07-01", "2025-07-01"]);
    expect(await days("Asia/Tokyo")).toEqual(["2025-07-01", "2025-07-01", "2025-07-02", "2025-07-02"]);
  });

  it("of several zones in one relation are each read in their own", async () => {
    const { rows } = await cast("orders", [
      order({ order_id: "1", ordered_at: "2025-07-01 12:00:00", _time_zone: "Europe/Berlin" }),
      order({ order_id: "2", ordered_at: "2025-07-01 12:00:00", _time_zone: "America/New_York" }),
    ]);
    expect(rows.map((row) => row.ordered_at)).toEqual(["2025-07-01T10:00:00", "2025-07-01T16:00:00"]);
  });

  it("that are days stay the day they name, in UTC and in the reporting zone", async () => {
    const { rows } = await cast(
      "orders",
      [order({ ordered_at: "2025-07-01", promised_delivery_date: "2025-07-09 00:00:00" })],
      "America/New_York",
    );
    expect(rows[0]).toMatchObject({
      ordered_at: "2025-07-01T00:00:00",
      ordered_at_local: "2025-07-01T00:00:00",
      ordered_at_precision: "date",
      promised_delivery_date: "2025-07-09",
    });
  });
});

describe("values", () => {
  it("that cannot be read leave the field empty, keep the row and stand in quarantine", async () => {
    const bad = {
      market: "Atlantis",
      currency: "EURO",
      total_amount: "1,234.50",
      refunded_amount: "1e30",
      is_exchange: "maybe",
      paid_at: "10/07/2025",
      delivered_at: "0001-01-01",
    };
    const { rows, quarantine } = await cast("orders", [order(bad)]);
    expect(rows).toHaveLength(1);
    // A currency that cannot be read is no currency; none at all would be the reporting currency.
    expect(rows[0]?.currency).toBe("XXX");
    const emptied = Object.keys(bad).filter((name) => name !== "currency");
    expect(emptied.map((name) => rows[0]?.[name])).toEqual(emptied.map(() => null));
    expect(Object.fromEntries(quarantine.map((entry) => [entry.column_name, entry.reason]))).toEqual({
      market: "bad_country",
      currency: "bad_currency",
      total_amount: "bad_number",
      refunded_amount: "out_of_range",
      is_exchange: "bad_boolean",
      paid_at: "bad_time",
      delivered_at: "out_of_range",
    });
    expect(quarantine[0]).toMatchObject({ source_system: "shop", entity: "orders", path: "old.csv", row_no: 1 });
  });

  it("that are required and missing or unreadable refuse the row", async () => {
    const { rows, quarantine, counts } = await cast("orders", [
      order({ order_id: " " }),
      order({ ordered_at: "soon" }),
      order({ order_id: "3" }),
    ]);
    expect(rows.map((row) => row.order_id)).toEqual(["3"]);
    expect(quarantine).toMatchObject([
      { row_no: 1, column_name: "order_id", reason: "missing_required", raw: null },
      { row_no: 2, column_name: "ordered_at", reason: "bad_time", raw: "soon" },
    ]);
    const sum = { rows: 1, refused: 2, duplicates: 0 };
    const systems = [{ system: "shop", ...sum }];
    expect(counts.find((count) => count.entity === "orders")).toEqual({ entity: "orders", ...sum, systems });
  });

  it("are read in the forms exports use", async () => {
    const { rows, quarantine } = await cast("orders", [
      order({ market: "deu", currency: "eur", total_amount: " 12.50 ", is_exchange: "Yes" }),
      order({ order_id: "2", market: "UK", is_exchange: "0" }),
    ]);
    expect(rows[0]).toMatchObject({ market: "DE", currency: "EUR", total_amount: 12.5, is_exchange: true });
    expect(rows[1]).toMatchObject({ market: "GB", is_exchange: false });
    expect(quarantine).toEqual([]);
    const items = await cast("order_items", [
      { order_item_id: "1", order_id: "1", product_id: "p", quantity: "3.0" },
      { order_item_id: "2", order_id: "1", product_id: "p", quantity: "3.5" },
    ]);
    expect(items.rows.map((row) => row.quantity)).toEqual([3]);
    expect(items.quarantine[0]).toMatchObject({ column_name: "quantity", reason: "bad_number", raw: "3.5" });
  });

  it("of people are hashed: the same person by any spelling, another key gives another hash, nothing in the clear", async () => {
    const { rows } = await cast("orders", [
      order({ customer_ref: " Anna@Example.com" }),
      order({ order_id: "2", customer_ref: "anna@example.com " }),
    ]);
    expect(rows[0]?.customer_ref).toMatch(/^[0-9a-f]{32}$/);
    expect(rows[1]?.customer_ref).toBe(rows[0]?.customer_ref);
    const other = await cast("orders", [order({ customer_ref: "anna@example.com" })], "UTC", "other key");
    expect(other.rows[0]?.customer_ref).not.toBe(rows[0]?.customer_ref);
  });

  it("in free text are masked where they are a person's, and only there", async () => {
    const masked: [string, string][] = [
      ["mail me: anna.muster+x@mail.example.co.uk!", "mail me: [email]!"],
      ["call +49 (171) 234-5678 now", "call [phone] now"],
      ["Tel 0171 2345678", "Tel [phone]"],
      ["phone (212) 555-0173", "phone [phone]"],
      ["手机13812345678谢谢", "手机13812345678谢谢".replace("13812345678", "[phone]")],
      ["card 4111 1111 1111 1111.", "card [card]."],
      ["DE89 3704 0044 0532 0130 00 please", "[iban] please"],
      ["I live at 12 North Main Street, Springfield", "I live at [address], Springfield"],
      ["Wohne Hauptstraße 12a in Köln", "Wohne [address] in Köln"],
      ["Hauptstraße 12", "[address]"],
      ["Lange Straße 7, Köln", "[address], Köln"],
      ["Send it to Baker Street 5, London", "Send it to [address], London"],
      ["I live at Elm Road No. 14", "I live at [address]"],
      ["住在南京东路100号", "[address]"],
    ];
    const kept = [
      "Order 111-1234567-1234567 came in 3 parts",
      "since 2025-06-01 10:30",
      "tracking LX123456789CN",
      "size 42 is 2 cm too small",
      "paid 1299.00 EUR",
      "the best way 2 return it, please close 5 tickets",
    ];
    const texts = [...masked.map(([text]) => text), ...kept];
    const { rows } = await cast(
      "tickets",
      texts.map((text, index) => ticket({ ticket_id: String(index), body: text })),
    );
    expect(rows.map((row) => row.body)).toEqual([...masked.map(([, text]) => text), ...kept]);
  });
});

describe("codes", () => {
  it("stay as they are, but lose what identifies a person", async () => {
    const kept = ["SELLABLE", "Delivered_001", "0170123456", "size: 38 too small", "DE-0012345678", "退货 12"];
    const masked: [string, string][] = [
      ["call me at jane.doe@mail.com 0170 1234567", "call me at [email] [phone]"],
      ["jane.doe@mail.com", "[email]"],
      ["+49 171 2345678", "[phone]"],
      ["4111 1111 1111 1111", "[card]"],
    ];
    const texts = [...kept, ...masked.map(([text]) => text)];
    const rows = texts.map((text, index) => ({
      return_id: String(index + 10),
      returned_at: "2025-01-01T00:00:00Z",
      reason_raw: text,
      disposition: text,
      status: text,
    }));
    const result = await cast("returns", rows);
    const expected = [...kept, ...masked.map(([, text]) => text)];
    for (const column of ["reason_raw", "disposition", "status"]) {
      expect(result.rows.map((row) => row[column])).toEqual(expected);
    }
  });
});

describe("scores", () => {
  it("are read by their scale; what is no answer on it is told", async () => {
    const answers: [scale: string, score: string | null, read: string | null, isBad: boolean][] = [
      ["1-5", "4.5", "4.5", false],
      ["1-5", "1", "1", false],
      ["1-5", null, null, false],
      ["1-5", "abc", null, true],
      ["1-5", "7", null, true],
      ["1-5", "0", null, true],
      ["good_bad", "Good", "good", false],
      ["good_bad", "bad_with_comment", "bad", false],
      ["good_bad", "offered", null, false],
      ["good_bad", "unoffered", null, false],
      ["good_bad", "fine", null, true],
      ["1-10", "4", null, true],
    ];
    const { rows, quarantine } = await cast(
      "survey_responses",
      answers.map(([scale, score], index) => ({
        survey_response_id: String(index + 10),
        sent_at: "2025-01-01T00:00:00Z",
        scale,
        ...(score === null ? {} : { score }),
      })),
    );
    expect(rows.map((row) => row.score)).toEqual(answers.map(([, , read]) => read));
    const bad = answers.filter(([, , , isBad]) => isBad).map(([, score]) => ["score", "bad_score", score]);
    expect(quarantine.map((row) => [row.column_name, row.reason, row.raw])).toEqual(bad);
  });
});

describe("versions of one row", () => {
  it("the newest change wins, then the later file, then the later row", async () => {
    const { rows, counts } = await cast("orders", [
      order({ status: "older file", _file_id: "1", _row_no: "9", updated_at: "2025-06-02T00:00:00Z" }),
      order({ status: "newest", _file_id: "1", _row_no: "1", updated_at: "2025-06-03T00:00:00Z" }),
      order({ status: "no time", _file_id: "2", _row_no: "2" }),
      order({ order_id: "2", status: "old", _file_id: "1", _row_no: "3" }),
      order({ order_id: "2", status: "late file", _file_id: "2", _row_no: "3" }),
      order({ order_id: "3", status: "first", _row_no: "4" }),
      order({ order_id: "3", status: "second", _row_no: "5" }),
    ]);
    expect(rows.map((row) => row.status)).toEqual(["newest", "late file", "second"]);
    expect(counts.find((count) => count.entity === "orders")).toMatchObject({ rows: 3, duplicates: 4 });
  });
});

describe("staging", () => {
  it("has every entity's table, empty ones of the same shape as filled ones", async () => {
    await withDuckDB(":memory:", {}, async (connection) => {
      const describe = async (name: string) =>
        (await queryRows<{ column_name: string; column_type: string }>(connection, `describe staging.${name}`)).map(
          (column) => [column.column_name, column.column_type],
        );
      await createRawTables(connection);
      await castEntities(connection, [], { reportingTimeZone: "UTC", hashKey: "k" });
      const empty = new Map<string, unknown>();
      for (const each of ENTITIES) empty.set(each.name, await describe(each.name));
      for (const each of ENTITIES) {
        await connection.run(`drop table staging.${each.name}`);
        await stage(connection, each.name, [{}]);
      }
      const relations = ENTITIES.map((each) => ({
        system: "shop",
        entity: each.name,
        relation: `staging.stg_shop__${each.name}`,
      }));
      await castEntities(connection, relations, { reportingTimeZone: "Asia/Shanghai", hashKey: "k" });
      for (const each of ENTITIES) expect(await describe(each.name)).toEqual(empty.get(each.name));
    });
  });

  it("refuses a model whose columns are not the entity's, naming them", async () => {
    await withDuckDB(":memory:", {}, async (connection) => {
      await createRawTables(connection);
      await connection.run("create view staging.stg_a__products as select 'x' as product_id, 'y' as colour");
      const casting = castEntities(
        connection,
        [{ system: "a", entity: "products", relation: "staging.stg_a__products" }],
        { reportingTimeZone: "UTC", hashKey: "k" },
      );
      await expect(casting).rejects.toThrow(/missing product_name.*unknown colour/);
    });
  });
});
