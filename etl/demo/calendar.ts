// What the calendar does to demand and to parcels: weekdays, seasons, sales days, holidays, the peak before Christmas.
import type { Market } from "./markets.ts";
import type { CategoryId } from "./catalogue.ts";
import { DAY_MS, isoDay } from "./zones.ts";

const LUNAR_NEW_YEAR: Readonly<Record<number, string>> = {
  2022: "02-01",
  2023: "01-22",
  2024: "02-10",
  2025: "01-29",
  2026: "02-17",
  2027: "02-06",
  2028: "01-26",
  2029: "02-13",
  2030: "02-03",
};

/** The Friday after the fourth Thursday of November. */
export function blackFriday(year: number): number {
  const first = new Date(Date.UTC(year, 10, 1)).getUTCDay();
  const thursday = 1 + ((4 - first + 7) % 7) + 21;
  return Date.UTC(year, 10, thursday + 1);
}

/** Days from `ofMs` to `dayMs`, negative before. */
const daysFrom = (ofMs: number, dayMs: number): number => Math.round((dayMs - ofMs) / DAY_MS);

const WEEKDAY_SHOP = [1.12, 1.08, 0.98, 0.95, 0.95, 0.94, 1.0] as const;
const WEEKDAY_ASIA = [1.22, 0.9, 0.92, 0.94, 0.95, 1.0, 1.17] as const;

/** Factor on the demand of one market on one UTC day, about 1 on average over a year. */
export function demandOfDay(dayMs: number, market: Market, channel: "own_shop" | "amazon"): number {
  const date = new Date(dayMs);
  const asia = market.code === "JP" || market.code === "CN";
  const weekday = (asia ? WEEKDAY_ASIA : WEEKDAY_SHOP)[date.getUTCDay()] ?? 1;
  return weekday * yearlySeason(dayMs) * salesDays(dayMs, market, channel);
}

function yearlySeason(dayMs: number): number {
  const start = Date.UTC(new Date(dayMs).getUTCFullYear(), 0, 1);
  const angle = (2 * Math.PI * daysFrom(start, dayMs)) / 365.25;
  return 0.93 + 0.1 * Math.cos(angle + 0.35) + 0.03 * Math.cos(2 * angle);
}

function salesDays(dayMs: number, market: Market, channel: "own_shop" | "amazon"): number {
  const date = new Date(dayMs);
  const month = date.getUTCMonth() + 1;
  const day = date.getUTCDate();
  const sinceBlackFriday = daysFrom(blackFriday(date.getUTCFullYear()), dayMs);
  let factor = 1;
  if (sinceBlackFriday >= -4 && sinceBlackFriday <= 4) {
    factor *= [1.25, 1.35, 1.5, 1.9, 3.1, 2.2, 2.0, 2.7, 1.4][sinceBlackFriday + 4] ?? 1;
  }
  if (month === 11 && day >= 9 && day <= 12) factor *= market.code === "CN" ? 2.8 : day === 11 ? 1.5 : 1.15;
  if (month === 12 && day <= 17 && sinceBlackFriday > 4) factor *= 1.45;
  if (month === 12 && day >= 22 && day <= 26) factor *= 0.65;
  if (month === 7 && day >= 8 && day <= 11 && channel === "amazon") factor *= 1.9;
  if (month === 7 && day <= 20 && channel === "own_shop") factor *= 1.08;
  return factor;
}

/** Factor on a category by season: toys before Christmas, dresses in summer, lamps in the dark months. */
export function categorySeason(dayMs: number, category: CategoryId): number {
  const start = Date.UTC(new Date(dayMs).getUTCFullYear(), 0, 1);
  const angle = (2 * Math.PI * daysFrom(start, dayMs)) / 365.25;
  switch (category) {
    case "dress":
      return 1 - 0.35 * Math.cos(angle);
    case "sneakers":
      return 1 - 0.12 * Math.cos(angle);
    case "lamp":
      return 1 + 0.2 * Math.cos(angle);
    case "toy":
      return 1 + 0.35 * Math.max(0, Math.cos(angle + 0.3));
    default:
      return 1;
  }
}

/** Factor on transit times: the peak before Christmas slows everybody, Lunar New Year slows lanes out of China. */
export function transitOfDay(dayMs: number, fromChina: boolean): number {
  const date = new Date(dayMs);
  const year = date.getUTCFullYear();
  const sinceBlackFriday = daysFrom(blackFriday(year), dayMs);
  let factor = sinceBlackFriday >= 0 && sinceBlackFriday <= 24 ? 1.1 : 1;
  const lunar = LUNAR_NEW_YEAR[year];
  if (fromChina && lunar) {
    const since = daysFrom(Date.parse(`${year}-${lunar}T00:00:00Z`), dayMs);
    if (since >= -4 && since <= 7) factor *= 1.22;
  }
  return factor;
}

/** Days on which return centres book nothing; what arrives is booked on the next working day. */
export function isBookingDay(dayMs: number, region: "na" | "eu" | "jp" | "cn"): boolean {
  const weekday = new Date(dayMs).getUTCDay();
  if (weekday === 0) return false;
  const monthDay = isoDay(dayMs).slice(5);
  if (region === "na") return monthDay !== "12-25" && monthDay !== "01-01" && monthDay !== "07-04";
  if (region === "eu") return !["12-25", "12-26", "01-01", "05-01"].includes(monthDay);
  return monthDay !== "01-01";
}
