// What the seller may set of business calendars in aftersight.yml: `holidays`, `calendars`, `calendar_of`.
import { z } from "zod";
import { isTimeZone } from "../settings/time-zones.ts";

/** One stretch of a weekday, minutes after local midnight; `to` beyond 1440 reaches into the next day. Half-open. */
export interface OpeningHours {
  /** ISO: 1 is Monday. */
  readonly weekday: number;
  readonly from: number;
  readonly to: number;
}

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
export const MINUTES_A_DAY = 24 * 60;
/** The calendar of whoever has none: Monday to Friday, 09:00 to 18:00, in the reporting zone. */
export const DEFAULT_CALENDAR = "default";

const timeZone = z.string().refine(isTimeZone, { error: "is not an IANA time zone such as Europe/Berlin" });

/** `YYYY-MM-DD`, or `MM-DD` for every year. */
const day = z
  .union([z.string(), z.date()])
  .transform((value) => (value instanceof Date ? value.toISOString().slice(0, 10) : value));

export function isDay(text: string): boolean {
  if (!/^(\d{4}-)?\d{2}-\d{2}$/.test(text)) return false;
  // 2024 had a 29 February.
  const date = new Date(`${text.length === 5 ? `2024-${text}` : text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().endsWith(`${text.slice(-5)}T00:00:00.000Z`);
}

const DAY_FORM = "is no day; write 2026-12-25, or 12-25 for every year";
const listedDay = day.refine(isDay, { error: DAY_FORM });

const hours = z
  .record(z.string(), z.union([z.string(), z.array(z.string()).min(1)]))
  .transform((week, context): OpeningHours[] => {
    const refuse = (message: string, key?: string) => {
      context.addIssue({ code: "custom", message, path: key === undefined ? [] : [key], input: key && week[key] });
      return z.NEVER;
    };
    const found: OpeningHours[] = [];
    for (const [key, value] of Object.entries(week)) {
      const days = daysOf(key);
      if (!days)
        return refuse("is no weekday; write mon, tue, wed, thu, fri, sat, sun or a range such as mon-fri", key);
      for (const text of [value].flat()) {
        const stretch = stretchOf(text);
        if (!stretch) return refuse("must be times such as 09:00-18:00, at most 24 hours", key);
        for (const weekday of days) found.push({ weekday, ...stretch });
      }
    }
    return found.length === 0
      ? refuse("must have opening hours on one day at least, e.g. mon-fri: 09:00-18:00")
      : found;
  });

/** `mon`, `mon-fri`, `sat-mon`; undefined for anything else. */
function daysOf(key: string): number[] | undefined {
  const ends = key.trim().toLowerCase().split("-");
  const [first, last = first] = ends.map((name) => DAYS.indexOf(name.trim()));
  if (ends.length > 2 || first === undefined || last === undefined || first < 0 || last < 0) return undefined;
  return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, index) => ((first + index) % 7) + 1);
}

/** An end at or before the start is the next day's: `22:00-06:00`. */
function stretchOf(text: string): { from: number; to: number } | undefined {
  const [, ...parts] = /^\s*(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})\s*$/.exec(text) ?? [];
  const [fromHour = 99, fromMinute = 0, toHour = 99, toMinute = 0] = parts.map(Number);
  const from = fromHour * 60 + fromMinute;
  const to = toHour * 60 + toMinute;
  if (fromMinute > 59 || toMinute > 59 || from >= MINUTES_A_DAY || to > MINUTES_A_DAY || from === to) return undefined;
  return { from, to: to > from ? to : to + MINUTES_A_DAY };
}

const calendar = z.strictObject({
  time_zone: timeZone.optional(),
  hours,
  holidays: z.array(day).default([]),
});

const name = z.string().trim().min(1);
const market = z.string().regex(/^[A-Z]{2}$/, { error: "must be an ISO 3166-1 country code in upper case, e.g. DE" });

/** Keys of the settings. `holidays`: lists of days that calendars name, e.g. one a country and year. */
export const calendarSettings = {
  holidays: z
    .record(name.regex(/^\D/, { error: "must not begin with a digit, as days do" }), z.array(listedDay))
    .default({}),
  calendars: z.record(name, calendar).default({}),
  calendar_of: z
    .strictObject({
      default: name.default(DEFAULT_CALENDAR),
      teams: z.record(name, name).default({}),
      markets: z.record(market, name).default({}),
    })
    .prefault({}),
};

export type CalendarSettings = {
  readonly [Key in keyof typeof calendarSettings]: z.infer<(typeof calendarSettings)[Key]>;
};

/** Names that nothing bears. */
export function checkCalendarNames(settings: CalendarSettings, context: z.RefinementCtx): void {
  const { holidays, calendars, calendar_of: of } = settings;
  const refuse = (path: (string | number)[], message: string, input: unknown) =>
    context.addIssue({ code: "custom", path, message, input });
  for (const [key, { holidays: days }] of Object.entries(calendars)) {
    for (const [index, text] of days.entries()) {
      if (isDay(text) || Object.hasOwn(holidays, text)) continue;
      const words = /^\d/.test(text) ? DAY_FORM : `is neither a day nor a list of \`holidays\` (${listOf(holidays)})`;
      refuse(["calendars", key, "holidays", index], words, text);
    }
  }
  const check = (path: string[], asked: string) => {
    if (asked === DEFAULT_CALENDAR || Object.hasOwn(calendars, asked)) return;
    refuse(["calendar_of", ...path], `is no calendar of \`calendars\` (${listOf(calendars)})`, asked);
  };
  check(["default"], of.default);
  for (const [team, asked] of Object.entries(of.teams)) check(["teams", team], asked);
  for (const [country, asked] of Object.entries(of.markets)) check(["markets", country], asked);
}

function listOf(named: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(named);
  return names.length === 0 ? "there is none" : `there are: ${names.join(", ")}`;
}
