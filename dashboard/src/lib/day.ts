// Calendar days as text `YYYY-MM-DD` in the reporting zone. Text has no zone, so nothing can shift by one.
import {
  addDays as addDateDays,
  addMonths as addDateMonths,
  differenceInCalendarDays,
  format,
  parseISO,
  startOfMonth as startOfDateMonth,
  startOfWeek as startOfDateWeek,
} from "date-fns";

/** `YYYY-MM-DD`. */
export type Day = string;

export type Grain = "day" | "week" | "month";

const DAY_PATTERN = /^\d{4}-\d{2}-\d{2}$/;

export function isDay(text: string): text is Day {
  return DAY_PATTERN.test(text) && toDay(parseISO(text)) === text;
}

/** The local midnight of a day: for calendar widgets only. */
export function toDate(day: Day): Date {
  return parseISO(day);
}

export function toDay(date: Date): Day {
  return Number.isNaN(date.getTime()) ? "" : format(date, "yyyy-MM-dd");
}

export function addDays(day: Day, days: number): Day {
  return toDay(addDateDays(parseISO(day), days));
}

export function addMonths(day: Day, months: number): Day {
  return toDay(addDateMonths(parseISO(day), months));
}

/** Days from `from` to `to`; 0 when equal. */
export function daysBetween(from: Day, to: Day): number {
  return differenceInCalendarDays(parseISO(to), parseISO(from));
}

export function startOfMonth(day: Day): Day {
  return toDay(startOfDateMonth(parseISO(day)));
}

export type WeekStart = "monday" | "saturday" | "sunday";
const WEEKDAY = { sunday: 0, monday: 1, saturday: 6 } as const;
let weekStartsOn: 0 | 1 | 6 = WEEKDAY.monday;

/** The seller's setting, told by the status before any page is shown. */
export function setWeekStart(day: WeekStart): void {
  weekStartsOn = WEEKDAY[day];
}

/** 0 is Sunday, as calendar widgets count. */
export function firstWeekday(): 0 | 1 | 6 {
  return weekStartsOn;
}

/** First day of the week, as Cube's `week` granularity does. */
export function startOfWeek(day: Day): Day {
  return toDay(startOfDateWeek(parseISO(day), { weekStartsOn }));
}

export function startOf(grain: Grain, day: Day): Day {
  if (grain === "day") return day;
  return grain === "week" ? startOfWeek(day) : startOfMonth(day);
}

export function nextStart(grain: Grain, start: Day): Day {
  if (grain === "month") return addMonths(start, 1);
  return addDays(start, grain === "week" ? 7 : 1);
}

export function maxDay(a: Day, b: Day): Day {
  return a > b ? a : b;
}

export function minDay(a: Day, b: Day): Day {
  return a < b ? a : b;
}
