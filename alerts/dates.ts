// Calendar days as text (`YYYY-MM-DD`) and naive local times: no machine zone can shift them.
const DAY_MS = 86_400_000;

/** `days` later (earlier when negative). */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Whole days from `from` to `to`; throws where one is no date, rather than drawing a picture of nothing. */
export function daysBetween(from: string, to: string): number {
  const days = Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
  if (Number.isNaN(days)) throw new RangeError(`"${from}" to "${to}" are not two days such as 2026-11-22`);
  return days;
}

/** Every day from `from` to `to`, both included. */
export function daysInclusive(from: string, to: string): string[] {
  return Array.from({ length: Math.max(0, daysBetween(from, to) + 1) }, (_, index) => addDays(from, index));
}

/** The instant (epoch ms) a naive local time names in an IANA zone; in a gap of the clock the time after it. */
export function instantOfLocalTime(local: string, timeZone: string): number {
  const asUtc = Date.parse(`${local.replace(/Z$/, "")}Z`);
  const first = asUtc - offsetMs(asUtc, timeZone);
  return asUtc - offsetMs(first, timeZone);
}

function offsetMs(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(instant);
  const value = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(
    value("year"),
    value("month") - 1,
    value("day"),
    value("hour"),
    value("minute"),
    value("second"),
  );
  return wall - Math.floor(instant / 1000) * 1000;
}
