import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { queryRows, withDuckDB } from "../../shared/duckdb.ts";
import { createDailyRates, isRatesFile } from "./daily-rates.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "rates-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function load(content: string | Buffer | undefined, reportingCurrency = "USD", name = "rates.csv") {
  const absolute = path.join(folder, name);
  if (content !== undefined) await writeFile(absolute, content);
  const info = content === undefined ? undefined : await stat(absolute);
  const file = info && { path: name, absolute, bytes: info.size, modifiedAtMs: Math.floor(info.mtimeMs) };
  return withDuckDB(":memory:", {}, async (connection) => {
    await connection.run("create schema staging");
    const warnings = await createDailyRates({ connection, file, reportingCurrency, workFolder: folder });
    const rows = await queryRows<{ currency: string; date: string; rate: number }>(
      connection,
      "select currency, date::varchar as date, round(rate, 6) as rate from staging.daily_rates order by all",
    );
    const on = (currency: string, date: string) =>
      rows.find((row) => row.currency === currency && row.date === date)?.rate;
    return { rows, warnings, on };
  });
}

const WIDE = `Date,USD,JPY,GBP,
2026-11-20,1.25,150,0.8,
2026-11-19,1.2,N/A,0.8,
2026-11-10,1.1,140,0.9,
`;

describe("rates of the European Central Bank", () => {
  it("give a unit's worth in the reporting currency by way of the euro", async () => {
    const { on, warnings } = await load(WIDE);
    expect([on("EUR", "2026-11-20"), on("GBP", "2026-11-20"), on("JPY", "2026-11-20")]).toEqual([
      1.25,
      1.5625,
      Number((1.25 / 150).toFixed(6)),
    ]);
    expect(on("USD", "2026-11-20")).toBeUndefined();
    expect(warnings).toEqual([]);
    const euro = await load(WIDE, "EUR");
    expect([euro.on("USD", "2026-11-20"), euro.on("GBP", "2026-11-19")]).toEqual([0.8, 1.25]);
  });

  it("hold for a day without one up to a week, and no longer; a later day never counts", async () => {
    const { on } = await load(WIDE);
    const days = [
      "2026-11-09",
      "2026-11-10",
      "2026-11-17",
      "2026-11-18",
      "2026-11-19",
      "2026-11-21",
      "2026-11-27",
      "2026-11-28",
    ];
    expect(days.map((day) => on("EUR", day))).toEqual([undefined, 1.1, 1.1, undefined, 1.2, 1.25, 1.25, undefined]);
    expect([on("JPY", "2026-11-17"), on("JPY", "2026-11-19")]).toEqual([Number((1.1 / 140).toFixed(6)), undefined]);
  });

  it("are the same written long, with the bank's own names, in another order, packed, or with the day in words", async () => {
    const { rows } = await load(WIDE);
    const long = [
      ["2026-11-20", "GBP", "0.8"],
      ["2026-11-10", "JPY", "140"],
      ["2026-11-19", "USD", "1.2"],
      ["2026-11-20", "JPY", "150"],
      ["2026-11-10", "USD", "1.1"],
      ["2026-11-19", "GBP", "0.8"],
      ["2026-11-20", "USD", "1.25"],
      ["2026-11-10", "GBP", "0.9"],
    ];
    const lines = long.map((row) => row.join(",")).join("\r\n");
    expect((await load(`date,currency,rate\r\n${lines}`)).rows).toEqual(rows);
    const bank = long.map(([day, currency, rate]) => `EXR.D,${currency},EUR,${day},${rate}`).join("\n");
    expect((await load(`KEY,CURRENCY,CURRENCY_DENOM,TIME_PERIOD,OBS_VALUE\n${bank}`)).rows).toEqual(rows);
    expect((await load(gzipSync(WIDE), "USD", "rates.csv.gz")).rows).toEqual(rows);
    const semicolons = long.map(([day, currency, rate]) => `${day};${currency};${rate?.replace(".", ",")}`).join("\n");
    expect((await load(`Date;Currency;Rate\n${semicolons}`)).rows).toEqual(rows);
    const oneDay = await load("Date, USD, JPY\n20 November 2026, 1.25, 150\n");
    expect(oneDay.on("EUR", "2026-11-20")).toBe(1.25);
  });

  it("that are none are told and left out, never taken for 1", async () => {
    const { rows, warnings } = await load(
      "date,currency,rate\n2026-13-01,USD,1.1\n2026-11-20,USD,zero\n2026-11-20,US,1\n2026-11-20,GBP,-1\n",
    );
    expect(rows).toEqual([]);
    expect(warnings[0]).toMatch(/4 cells are no rates \(row 1 "2026-13-01": no day.*row 2 "zero": no rate.*and 1 more/);
    expect((await load("Date,JPY\n2026-11-20,150\n")).warnings).toEqual([
      "rates.csv has no rates of the reporting currency USD: no amount in another currency can be converted",
    ]);
    expect((await load("currency,base,date,rate\nUSD,GBP,2026-11-20,1\n")).warnings[0]).toMatch(/the base is not EUR/);
    await expect(load("order,total\n1,2\n")).rejects.toThrow(/holds no exchange rates: its columns are order, total/);
    expect((await load(undefined)).rows).toEqual([]);
  });

  it("give each day at most one row a currency, whatever the days and gaps", async () => {
    const day = fc.integer({ min: 0, max: 60 });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(day, { minLength: 1, maxLength: 20 }), async (days) => {
        const iso = (number: number) => new Date(Date.UTC(2026, 0, 1 + number)).toISOString().slice(0, 10);
        const { rows } = await load(
          `Date,USD,SEK\n${days.map((each) => `${iso(each)},1.${each},11`).join("\n")}\n`,
          "USD",
        );
        const expected = new Map<string, number>();
        for (let at = 0; at <= 70; at += 1) {
          const last = days.filter((each) => each <= at && at - each <= 7).toSorted((a, b) => b - a)[0];
          if (last !== undefined) expected.set(iso(at), Number(`1.${last}`));
        }
        expect(new Map(rows.filter((row) => row.currency === "EUR").map((row) => [row.date, row.rate]))).toEqual(
          expected,
        );
        expect(rows).toHaveLength(expected.size * 2);
      }),
      { numRuns: 25 },
    );
  });
});

it("the rates file is known by its name in the inbox's own folder", () => {
  expect(["rates.csv", "Rates.CSV.gz"].every((name) => isRatesFile({ path: name }))).toBe(true);
  expect(["shop/rates.csv", "rates_2026.csv", "rates.csv.part"].some((name) => isRatesFile({ path: name }))).toBe(
    false,
  );
});
