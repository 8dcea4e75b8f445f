// Whatever arrives in whatever order: exports read one after another give the marts of all read at once, byte for byte.
import { cp, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dataDirectory, type DataDirectory } from "../shared/data-directory.ts";
import { queryRows, withDuckDB } from "../shared/duckdb.ts";
import { ENTITIES, type EntityName } from "./entities.ts";
import { runPipeline } from "./pipeline.ts";
import type { Progress } from "./progress/progress.ts";

type Row = Readonly<Record<string, string | number | null>>;
type Batch = Partial<Record<EntityName, readonly Row[]>>;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "increments-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const DAY = 86_400_000;
const START = Date.parse("2026-01-01T00:00:00Z");

/** Small pools of ids, so that everything is tied to everything now and then; numbers from `seed`, the same each time. */
class Shop {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** Exports of the days `from` to `to`: what happened then, and changes of what happened before. */
  batch(from: number, to: number): Batch {
    const rows: Record<string, Row[]> = {};
    const put = (entity: EntityName, row: Row) => (rows[entity] ??= []).push(row);
    for (let day = from; day < to; day += 1) {
      for (let count = this.#below(4); count > 0; count -= 1) this.#order(put, day);
      for (let count = this.#below(3); count > 0; count -= 1) this.#parcel(put, day);
      if (this.#chance(0.4)) this.#back(put, day);
      if (this.#chance(0.4)) this.#ticket(put, day);
    }
    return rows;
  }

  #order(put: (entity: EntityName, row: Row) => void, day: number): void {
    const number = this.#below(60);
    const order_id = `${this.#chance(0.5) ? "#" : ""}${number}`;
    put("orders", {
      order_id: `#${number}`,
      ordered_at: this.#time(START + ((number * 7) % Math.max(1, day)) * DAY),
      customer_ref: this.#maybe(0.8, this.#person()),
      market: this.#pick(["DE", "US", "JP"]),
      currency: this.#pick(["USD", "EUR"]),
      total_amount: this.#below(100),
      status: this.#pick(["paid", "pending", "cancelled", "paid"]),
      promised_delivery_date: this.#maybe(0.5, this.#date(day + 5)),
      updated_at: this.#time(START + day * DAY),
    });
    for (let item = this.#below(3); item >= 0; item -= 1) {
      put("order_items", {
        order_item_id: `${number}:${item}`,
        order_id,
        product_id: this.#product(),
        product_name: this.#pick(["Lamp", "Lamp new", "Shoe"]),
        quantity: 1 + this.#below(3),
        unit_price: 10,
        updated_at: this.#time(START + day * DAY),
      });
    }
  }

  #parcel(put: (entity: EntityName, row: Row) => void, day: number): void {
    const number = this.#below(40);
    // Trackers forget what they knew and change their minds, and a webhook may be older than what came before it.
    const told = day - (this.#chance(0.3) ? this.#below(15) : 0);
    put("shipments", {
      shipment_id: `p${number}`,
      order_id: this.#maybe(0.7, String(this.#chance(0.9) ? number : this.#below(60))),
      carrier: this.#pick(["DHL", "UPS"]),
      origin_country: "CN",
      destination_country: this.#pick(["DE", "US"]),
      shipped_at: this.#maybe(0.7, this.#time(START + (told - 3) * DAY)),
      promised_delivery_date: this.#maybe(0.6, this.#date(told + 1 + this.#below(4))),
      estimated_delivery_date: this.#maybe(0.6, this.#date(told + 1 + this.#below(4))),
      updated_at: this.#time(START + told * DAY),
    });
    const states = [
      "in_transit",
      "customs_in",
      "customs_out",
      "delayed",
      "delivered",
      "attempt_failed",
      "lost",
      "returning",
    ];
    for (const state of ["in_transit", this.#pick(states), this.#pick(states)]) {
      put("carrier_events", {
        carrier_event_id: `p${number}${state}${day}`,
        shipment_id: `p${number}`,
        occurred_at: this.#time(START + day * DAY),
        occurred_date: this.#maybe(0.3, this.#date(day)),
        state_raw: state,
        message: this.#maybe(0.3, this.#pick(["Held in customs", "Bad weather", "Nobody at home"])),
      });
    }
  }

  #back(put: (entity: EntityName, row: Row) => void, day: number): void {
    const number = this.#below(30);
    const order = this.#below(60);
    const names = this.#below(3);
    put("returns", {
      return_id: `r${number}`,
      returned_at: this.#chance(0.3) ? this.#date(day) : this.#time(START + day * DAY),
      order_id: names === 0 ? null : String(order),
      order_item_id: names === 2 ? null : `${order}:0`,
      product_id: this.#maybe(0.7, this.#product()),
      quantity: 1,
      reason_raw: this.#pick(["defective", "wrong item", "too small", "never arrived", "whatever"]),
      customer_ref: this.#maybe(0.5, this.#person()),
      status: this.#pick(["completed", "completed", "open", "declined"]),
      resolution: this.#maybe(0.9, this.#pick(["refund", "exchange", "keep_item", "store_credit", "mystery"])),
      refund_amount: this.#below(20),
      received_at: this.#maybe(0.7, this.#date(day)),
      refunded_at: this.#maybe(0.4, this.#date(day + this.#below(14))),
      has_refund_dates: this.#pick(["true", "false"]),
      label_cost: this.#maybe(0.3, this.#below(9)),
      label_paid_by: this.#maybe(0.3, this.#pick(["seller", "customer"])),
      case_line_count: this.#maybe(0.5, 1 + this.#below(3)),
      updated_at: this.#time(START + day * DAY),
    });
  }

  #ticket(put: (entity: EntityName, row: Row) => void, day: number): void {
    const number = this.#below(40);
    put("tickets", {
      ticket_id: String(number),
      created_at: this.#time(START + Math.max(0, day - this.#below(4)) * DAY),
      order_id: this.#maybe(0.6, String(this.#below(60))),
      product_id: this.#maybe(0.3, this.#product()),
      customer_ref: this.#maybe(0.7, this.#person()),
      status: this.#pick(["open", "solved", "deleted", "open"]),
      reason_raw: this.#pick(["defective", "too small", "hello"]),
      first_replied_at: this.#maybe(0.5, this.#time(START + (day + 1) * DAY)),
      agent_id: this.#maybe(0.7, this.#pick(["eve", "max"])),
      agent_group: this.#maybe(0.5, this.#pick(["EU", "US"])),
      first_solved_at: this.#maybe(0.3, this.#time(START + day * DAY)),
      solved_at: this.#maybe(0.5, this.#time(START + day * DAY)),
      agent_replies: this.#maybe(0.3, this.#below(3)),
      reopens: this.#maybe(0.5, this.#below(2)),
      is_reply_known: this.#maybe(0.4, "false"),
      updated_at: this.#time(START + day * DAY),
    });
    this.#talk(put, day);
    put("survey_responses", {
      survey_response_id: `s${this.#below(20)}`,
      ticket_id: this.#maybe(0.5, String(number)),
      agent_id: this.#maybe(0.3, this.#pick(["eve", "max"])),
      order_id: this.#maybe(0.3, String(this.#below(60))),
      customer_ref: this.#maybe(0.3, this.#person()),
      scale: "1-5",
      score: 1 + this.#below(5),
      sent_at: this.#time(START + day * DAY),
      updated_at: this.#time(START + day * DAY),
    });
    if (this.#chance(0.2)) {
      const person = this.#person();
      put("customers", { customer_ref: person, person_ref: this.#maybe(0.5, this.#person()), country: "FR" });
    }
  }

  /** What a desk exports beside its tickets, in files of their own. */
  #talk(put: (entity: EntityName, row: Row) => void, day: number): void {
    const ticket_id = String(this.#below(40));
    if (this.#chance(0.3)) {
      put("ticket_messages", {
        message_id: `m${day}`,
        ticket_id,
        written_at: this.#time(START + day * DAY),
        author_ref: this.#pick(["eve", this.#person()]),
        is_from_bot: this.#maybe(0.3, "true"),
      });
    }
    if (this.#chance(0.3)) {
      put("ticket_metrics", {
        ticket_id,
        agent_replies: this.#below(3),
        first_reply_seconds: this.#maybe(0.5, this.#below(100_000)),
        first_reply_business_minutes: this.#maybe(0.5, this.#below(500)),
        updated_at: this.#time(START + day * DAY),
      });
    }
  }

  #person = () => `c${this.#below(25)}@example.com`;
  #product = () => `SKU-${this.#below(6)}`;
  #time = (ms: number) => new Date(ms + this.#below(DAY)).toISOString();
  #date = (day: number) => new Date(START + day * DAY).toISOString().slice(0, 10);
  #chance = (share: number) => this.#below(1000) < share * 1000;
  #maybe = <T>(share: number, value: T): T | null => (this.#chance(share) ? value : null);
  #pick = <T>(values: readonly T[]): T => values[this.#below(values.length)]!;

  /** mulberry32 */
  #below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let value = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return Math.floor((((value ^ (value >>> 14)) >>> 0) / 2 ** 32) * limit);
  }
}

/** With an order of somebody whom nothing else is tied to, and a return: it is time alone that changes what is said of them. */
function withLoner(batch: Batch, day: number): Batch {
  const id = `loner-${day}`;
  const at = new Date(START + day * DAY + DAY / 2).toISOString();
  const order = { order_id: id, ordered_at: at, customer_ref: `${id}@example.com`, currency: "USD", total_amount: 50 };
  const settled = { quantity: 1, resolution: "refund", status: "completed", has_refund_dates: "true" };
  const back = { return_id: id, returned_at: at, received_at: at, ...settled };
  return {
    ...batch,
    orders: [...(batch.orders ?? []), { ...order, status: "paid", updated_at: at }],
    returns: [...(batch.returns ?? []), { ...back, updated_at: at }],
  };
}

async function writeMappings(inbox: string): Promise<void> {
  await mkdir(path.join(inbox, "shop"), { recursive: true });
  for (const { name, fields } of ENTITIES) {
    const columns = fields.map((field) => `  ${field.name}: ${field.name}`).join("\n");
    const text = `entity: ${name}\nsystem: shop\nfiles: "${name}-*.csv"\ntime_zone: UTC\ncolumns:\n${columns}\n`;
    await writeFile(path.join(inbox, "shop", `${name}.mapping.yml`), text);
  }
  await writeFile(
    path.join(inbox, "aftersight.yml"),
    "reporting_time_zone: Asia/Shanghai\nexchange_rates: { EUR: 1.1 }\n" +
      "costs: { default: { return_label: 5, handling: 2, outbound: 6, goods_cost_rate: 0.4 }, DE: { recovery_rate: 0.5 } }\n",
  );
}

/** `age`: files written later are newer, unless told otherwise. */
async function writeBatch(inbox: string, batch: Batch, name: string, age: number): Promise<void> {
  for (const { name: entity, fields } of ENTITIES) {
    const rows = batch[entity];
    if (!rows) continue;
    const header = fields.map((field) => field.name);
    const lines = rows.map((row) => header.map((column) => row[column] ?? "").join(","));
    const file = path.join(inbox, "shop", `${entity}-${name}.csv`);
    await writeFile(file, `${header.join(",")}\n${lines.join("\n")}\n`);
    await utimes(file, new Date(START + age * 1000), new Date(START + age * 1000));
  }
}

/** A rate a day up to `last`; that of the twentieth day is corrected from file to file. */
async function writeRates(inbox: string, last: number, corrected: number): Promise<void> {
  const days = Array.from({ length: last }, (_, day) => {
    const date = new Date(START + day * DAY).toISOString().slice(0, 10);
    return `${date},${day === 20 ? corrected : 1 + (day % 7) / 100}`;
  });
  await writeFile(path.join(inbox, "rates.csv"), `date,USD\n${days.join("\n")}\n`);
}

const NOW = new Date("2027-06-01T00:00:00Z");

async function run(inbox: string, data: DataDirectory): Promise<string[]> {
  const told: Progress[] = [];
  await runPipeline({ inbox, data, now: NOW, report: (progress) => told.push(progress) });
  return told.map((progress) => progress.message);
}

/** Rows that only one of the two served versions has, by table. */
async function differences(left: DataDirectory, right: DataDirectory): Promise<Record<string, unknown>> {
  const fileOf = async (data: DataDirectory) =>
    path.join(data.published, `${(await readFile(path.join(data.published, "current"), "utf8")).trim()}.duckdb`);
  const found: Record<string, unknown> = {};
  await withDuckDB(":memory:", {}, async (connection) => {
    await connection.run(
      `attach '${await fileOf(left)}' as l (read_only); attach '${await fileOf(right)}' as r (read_only)`,
    );
    const tables = await queryRows<{ name: string }>(
      connection,
      "select table_name as name from duckdb_tables() where database_name = 'l' and table_name <> 'snapshot'",
    );
    for (const { name } of tables) {
      const rows = await queryRows(
        connection,
        `(select 'left' as side, * from (from l.main.${name} except all from r.main.${name}) limit 3)
         union all (select 'right', * from (from r.main.${name} except all from l.main.${name}) limit 3)`,
      );
      if (rows.length > 0) found[name] = rows;
    }
  });
  return found;
}

/** The marts of an inbox built from nothing, with the other data folder's keys. */
async function builtAtOnce(inbox: string, data: DataDirectory, name: string): Promise<DataDirectory> {
  const fresh = dataDirectory(path.join(folder, name));
  await mkdir(fresh.root, { recursive: true });
  await cp(data.state, fresh.state, { recursive: true });
  await run(inbox, fresh);
  return fresh;
}

describe("news", () => {
  test.each([1, 2])(
    "read day by day gives the marts of all days read at once (shop %i)",
    async (seed) => {
      const inbox = path.join(folder, `inbox-${seed}`);
      const data = dataDirectory(path.join(folder, `data-${seed}`));
      await writeMappings(inbox);
      const shop = new Shop(seed);
      await writeBatch(inbox, [2, 30, 52].reduce(withLoner, shop.batch(0, 60)), "0", 0);
      await writeRates(inbox, 60, 1.2);
      await run(inbox, data);
      let sliced = 0;
      for (const [index, [from, to]] of [
        [60, 61],
        [61, 75],
        [75, 110],
        [110, 111],
        // A year on: windows of 365 days mature.
        [430, 431],
      ].entries()) {
        // The third comes with an older date than the second.
        const batch = shop.batch(from!, to!);
        await writeBatch(
          inbox,
          index === 4 ? withLoner(batch, from!) : batch,
          String(index + 1),
          index === 2 ? 1 : index + 2,
        );
        await writeRates(inbox, to!, 1.2 + index / 10);
        const told = await run(inbox, data);
        if (!told.some((message) => /all marts are built|all files are read/.test(message))) sliced += 1;
      }
      expect(sliced).toBeGreaterThanOrEqual(3);
      expect(await differences(data, await builtAtOnce(inbox, data, `fresh-${seed}`))).toEqual({});
    },
    180_000,
  );

  test.each([
    [0, 1, 2, 3],
    [3, 2, 1, 0],
    [2, 0, 3, 1],
  ])(
    "of a parcel keeps the first promise and what was known last, in whatever order it arrives (%i %i %i %i)",
    async (...order) => {
      const name = order.join("");
      const inbox = path.join(folder, `inbox-kept-${name}`);
      const data = dataDirectory(path.join(folder, `data-kept-${name}`));
      await writeMappings(inbox);
      for (const index of order) {
        const row = TOLD[index] ?? {};
        await writeBatch(
          inbox,
          { shipments: [{ shipment_id: "p", destination_country: "DE", ...row }] },
          String(index),
          index,
        );
        await run(inbox, data);
      }
      expect(await differences(data, await builtAtOnce(inbox, data, `fresh-kept-${name}`))).toEqual({});
      const sql = `select order_id, carrier, shipped_at::date::varchar as shipped, promised_delivery_date::varchar as promised,
      estimated_delivery_date::varchar as estimated from shipments`;
      expect(await served(data, sql)).toEqual([
        { order_id: "7", carrier: "ups", shipped: "2026-03-02", promised: "2026-03-10", estimated: "2026-03-14" },
      ]);
    },
  );
});

/** One parcel, four times; the first says nothing of its delivery, the last forgot what it knew. */
const TOLD: readonly Row[] = [
  { carrier: "DHL", order_id: "6", updated_at: "2026-03-01T00:00:00Z" },
  {
    carrier: "DHL",
    order_id: "7",
    shipped_at: "2026-03-02T00:00:00Z",
    promised_delivery_date: "2026-03-10",
    estimated_delivery_date: "2026-03-10",
    updated_at: "2026-03-03T00:00:00Z",
  },
  {
    carrier: "DHL",
    promised_delivery_date: "2026-03-14",
    estimated_delivery_date: "2026-03-14",
    updated_at: "2026-03-06T00:00:00Z",
  },
  { carrier: "UPS", updated_at: "2026-03-08T00:00:00Z" },
];

/** Rows of SQL on the served version. */
async function served(data: DataDirectory, sql: string): Promise<unknown[]> {
  const version = (await readFile(path.join(data.published, "current"), "utf8")).trim();
  return withDuckDB(path.join(data.published, `${version}.duckdb`), { readOnly: true }, (connection) =>
    queryRows(connection, sql),
  );
}
