// Business minutes against a count of every minute on the wall clock, as the machine's Intl shows it; business days counted by hand.
import type { DuckDBConnection } from "@duckdb/node-api";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { queryRows, sqlString, withDuckDB } from "../../shared/duckdb.ts";
import { parseRunSettings } from "../settings/run-settings.ts";
import { createCalendars } from "./create-calendars.ts";

async function withCalendars(settings: object, work: (connection: DuckDBConnection) => Promise<void>): Promise<void> {
  await withDuckDB(":memory:", {}, async (connection) => {
    await connection.run("create schema staging");
    await createCalendars(connection, parseRunSettings(JSON.stringify(settings)));
    await work(connection);
  });
}

/** As the marts compute it. */
async function openMinutes(
  connection: DuckDBConnection,
  calendar: string,
  spans: readonly (readonly [from: Date, to: Date])[],
): Promise<number[]> {
  const text = (moment: Date) => `timestamp '${moment.toISOString().slice(0, 19)}'`;
  const lookUp = (at: string) =>
    `left join staging.business_clock as ${at}_clock on spans.calendar = ${at}_clock.calendar and spans.${at}::date = ${at}_clock.day`;
  const rows = await queryRows<{ minutes: number }>(
    connection,
    `select staging.business_minutes(spans.b, b_clock) - staging.business_minutes(spans.a, a_clock) as minutes
     from (values ${spans.map(([a, b], index) => `(${index}, ${sqlString(calendar)}, ${text(a)}, ${text(b)})`).join(", ")}) as spans(n, calendar, a, b)
     ${lookUp("a")} ${lookUp("b")} order by n`,
  );
  return rows.map(({ minutes }) => minutes);
}

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

interface Week {
  readonly zone: string;
  /** By weekday, Monday first: `[from, to]` in minutes, to beyond 1440 for the next day. */
  readonly hours: readonly (readonly (readonly [number, number])[])[];
  readonly holidays: readonly string[];
}

/** Wall clock of a moment: its day and the minutes since midnight that the clock shows. */
function wallClock(zone: string): (moment: number) => { date: string; minute: number } {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    dateStyle: "short",
    timeStyle: "short",
    hourCycle: "h23",
  });
  return (moment) => {
    const [, date = "", hour, minute] = /^([\d-]+), (\d+):(\d+)$/.exec(format.format(moment)) ?? [];
    return { date, minute: Number(hour) * 60 + Number(minute) };
  };
}

function countedMinutes({ zone, hours, holidays }: Week, from: Date, to: Date): number {
  const clock = wallClock(zone);
  const opensOn = (date: string, minute: number) => {
    const day = new Date(`${date}T00:00:00Z`);
    if (holidays.includes(date) || holidays.includes(date.slice(5))) return false;
    const stretches = hours[(day.getUTCDay() + 6) % 7] ?? [];
    return stretches.some(([start, end]) => minute >= start && minute < end);
  };
  let minutes = 0;
  for (let moment = from.getTime(); moment < to.getTime(); moment += 60_000) {
    const { date, minute } = clock(moment);
    const yesterday = new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
    if (opensOn(date, minute) || opensOn(yesterday, minute + 1440)) minutes += 1;
  }
  return minutes;
}

function settingsOf({ zone, hours, holidays }: Week): object {
  const time = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
  const entries = hours.flatMap((stretches, index) =>
    stretches.length === 0
      ? []
      : [[WEEKDAYS[index], stretches.map(([from, to]) => `${time(from)}-${time(to > 1440 ? to - 1440 : to)}`)]],
  );
  return {
    calendars: { own: { time_zone: zone, hours: Object.fromEntries(entries), holidays } },
    calendar_of: { default: "own" },
  };
}

/** Around the nights on which clocks change, in zones that change by an hour, by half an hour, at midnight and never. */
const TURNS: readonly (readonly [zone: string, turn: string])[] = [
  ["Europe/Berlin", "2025-03-30T01:00:00Z"],
  ["Europe/Berlin", "2025-10-26T01:00:00Z"],
  ["America/New_York", "2026-03-08T07:00:00Z"],
  ["America/New_York", "2026-11-01T06:00:00Z"],
  ["Australia/Lord_Howe", "2025-10-04T15:30:00Z"],
  ["Australia/Lord_Howe", "2026-04-04T15:00:00Z"],
  ["America/Santiago", "2025-09-07T04:00:00Z"],
  ["Asia/Kathmandu", "2026-01-01T00:00:00Z"],
];

const stretch = fc
  .tuple(fc.integer({ min: 0, max: 95 }), fc.integer({ min: 1, max: 96 }))
  // A whole day can be written from midnight only.
  .filter(([from, length]) => from === 0 || length < 96)
  .map(([from, length]) => [from * 15, from * 15 + length * 15] as const);

const week: fc.Arbitrary<{ week: Week; spans: (readonly [Date, Date])[] }> = fc
  .tuple(
    fc.constantFrom(...TURNS),
    fc.array(fc.array(stretch, { maxLength: 2 }), { minLength: 7, maxLength: 7 }),
    fc.array(fc.integer({ min: -4, max: 4 }), { maxLength: 2 }),
    fc.array(fc.tuple(fc.integer({ min: -4000, max: 4000 }), fc.integer({ min: 0, max: 5000 })), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .filter(([, hours]) => hours.some((stretches) => stretches.length > 0))
  .map(([[zone, turn], hours, closed, spans]) => {
    const at = (minutes: number) => new Date(Date.parse(turn) + minutes * 60_000);
    const holidays = closed.map((days, index) =>
      at(days * 1440)
        .toISOString()
        .slice(index === 0 ? 0 : 5, 10),
    );
    return {
      week: { zone, hours, holidays },
      spans: spans.map(([from, length]) => [at(from), at(from + length)] as const),
    };
  });

describe("business minutes", () => {
  test("are the minutes at which the wall clock is within the hours, DST nights included", async () => {
    await fc.assert(
      fc.asyncProperty(week, async ({ week: given, spans }) => {
        const expected = spans.map(([from, to]) => countedMinutes(given, from, to));
        await withCalendars(settingsOf(given), async (connection) => {
          expect(await openMinutes(connection, "own", spans)).toEqual(expected);
        });
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  const berlin = { time_zone: "Europe/Berlin", hours: { "mon-fri": "09:00-18:00", sun: "00:00-06:00" } };
  const cases: [string, string, string, number][] = [
    ["within a day", "2026-01-05T09:00:00Z", "2026-01-05T09:30:30Z", 30.5],
    ["from the evening to the morning", "2026-01-05T16:50:00Z", "2026-01-06T08:10:00Z", 20],
    ["over a week-end", "2026-01-09T16:00:00Z", "2026-01-12T09:00:00Z", 60 + 360 + 60],
    ["outside of hours", "2026-01-10T09:00:00Z", "2026-01-10T20:00:00Z", 0],
    ["up to the moment of opening", "2026-01-05T05:00:00Z", "2026-01-05T08:00:00Z", 0],
    ["from the moment of closing", "2026-01-05T17:00:00Z", "2026-01-05T22:00:00Z", 0],
    ["in the night that is an hour short", "2026-03-28T20:00:00Z", "2026-03-29T20:00:00Z", 5 * 60],
    ["in the night that is an hour long", "2026-10-24T20:00:00Z", "2026-10-25T20:00:00Z", 7 * 60],
    ["from one moment to itself", "2026-01-05T09:00:00Z", "2026-01-05T09:00:00Z", 0],
    ["back in time", "2026-01-05T10:00:00Z", "2026-01-05T09:00:00Z", -60],
  ];
  test.each(cases)("%s", async (_name, from, to, minutes) => {
    await withCalendars({ calendars: { berlin }, calendar_of: { default: "berlin" } }, async (connection) => {
      expect(await openMinutes(connection, "berlin", [[new Date(from), new Date(to)]])).toEqual([minutes]);
    });
  });

  test("a day may hold any number of stretches, and all day is all day", async () => {
    const always = { hours: { "mon-sun": "00:00-24:00" }, time_zone: "Europe/Berlin" };
    const shifts = { hours: { mon: ["01:00-02:00", "03:00-04:00", "05:00-06:00", "05:30-07:00", "23:00-01:00"] } };
    const calendar_of = { default: "always", teams: { Night: "shifts" } };
    await withCalendars({ calendars: { always, shifts }, calendar_of }, async (connection) => {
      const day = [new Date("2026-01-05T00:00:00Z"), new Date("2026-01-06T00:00:00Z")] as const;
      const parts = [new Date("2026-01-05T05:45:00Z"), new Date("2026-01-06T00:20:00Z")] as const;
      expect(await openMinutes(connection, "always", [day])).toEqual([1440]);
      expect(await openMinutes(connection, "shifts", [day, parts])).toEqual([300, 75 + 60 + 20]);
    });
  });

  test("before 2000 and after 2049 nothing is known, not 0", async () => {
    await withCalendars({}, async (connection) => {
      const spans = [
        [new Date("1999-12-31T10:00:00Z"), new Date("2000-01-03T10:00:00Z")],
        [new Date("2049-12-31T10:00:00Z"), new Date("2050-01-01T10:00:00Z")],
      ] as const;
      expect(await openMinutes(connection, "default", spans)).toEqual([null, null]);
    });
  });
});

describe("business days", () => {
  test("are counted up to a day, so that a span of them is a difference", async () => {
    const calendars = {
      berlin: {
        hours: { "mon-fri": "09:00-18:00" },
        holidays: ["germany", "12-24", "2026-12-31"],
        time_zone: "Europe/Berlin",
      },
    };
    const settings = {
      holidays: { germany: ["12-25", "12-26", "2027-01-01"] },
      calendars,
      calendar_of: { markets: { DE: "berlin" } },
    };
    await withCalendars(settings, async (connection) => {
      const between = async (calendar: string, from: string, to: string) => {
        const [row] = await queryRows<{ days: number }>(
          connection,
          `select b.business_day_no - a.business_day_no as days
           from staging.business_days as a join staging.business_days as b using (calendar)
           where calendar = '${calendar}' and a.date = '${from}' and b.date = '${to}'`,
        );
        return row?.days;
      };
      // Friday to Monday; Saturday to Monday; Saturday to Sunday.
      expect(await between("default", "2026-07-03", "2026-07-06")).toBe(1);
      expect(await between("default", "2026-07-04", "2026-07-06")).toBe(1);
      expect(await between("default", "2026-07-04", "2026-07-05")).toBe(0);
      // Wed 23 December to Mon 4 January: 28, 29, 30 December and 4 January.
      expect(await between("berlin", "2026-12-23", "2027-01-04")).toBe(4);
      // The default knows no holidays: 24, 25, 28 to 31 December, 1 and 4 January.
      expect(await between("default", "2026-12-23", "2027-01-04")).toBe(8);
      // A Thursday: 25 December is Christmas in every year.
      expect(await between("berlin", "2025-12-23", "2025-12-29")).toBe(1);
    });
  });

  test("every market has a calendar, and teams are found whatever their case", async () => {
    const berlin = { time_zone: "Europe/Berlin", hours: { mon: "09:00-18:00" } };
    const calendar_of = { markets: { DE: "berlin" }, teams: { "EU Support": "berlin" } };
    await withCalendars({ calendars: { berlin }, calendar_of }, async (connection) => {
      const markets =
        "select market, calendar from staging.market_calendars where market in ('DE', 'JP', 'unknown') order by 1";
      expect(await queryRows(connection, markets)).toEqual([
        { market: "DE", calendar: "berlin" },
        { market: "JP", calendar: "default" },
        { market: "unknown", calendar: "default" },
      ]);
      expect(await queryRows(connection, "from staging.team_calendars")).toEqual([
        { agent_group: "eu support", calendar: "berlin" },
      ]);
      const hours = `select distinct isodow(day) as day, strftime(opens_1, '%H:%M') as opens, strftime(closes_1, '%H:%M') as closes
        from staging.business_clock where calendar = 'default' and opens_1 is not null order by 1`;
      const nine = { opens: "09:00", closes: "18:00" };
      expect(await queryRows(connection, hours)).toEqual([1, 2, 3, 4, 5].map((day) => ({ day, ...nine })));
    });
  });
});
