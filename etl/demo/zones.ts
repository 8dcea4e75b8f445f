// UTC offsets of the few zones the demo needs, looked up without calling Intl for each event.

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

export type Zone =
  | "UTC"
  | "Europe/Berlin"
  | "Europe/London"
  | "America/New_York"
  | "Asia/Shanghai"
  | "Asia/Tokyo"
  | "America/Los_Angeles";

interface Change {
  readonly from: number;
  readonly minutes: number;
}

interface Year {
  readonly from: number;
  readonly to: number;
  readonly changes: readonly Change[];
}

const years = new Map<Zone, Year[]>();

/** Minutes the zone's clocks are ahead of UTC at this instant. */
export function offsetMinutes(zone: Zone, utcMs: number): number {
  if (zone === "UTC") return 0;
  const { changes } = yearOf(zone, utcMs);
  let minutes = changes[0]?.minutes ?? 0;
  for (const change of changes) if (change.from <= utcMs) minutes = change.minutes;
  return minutes;
}

function yearOf(zone: Zone, utcMs: number): Year {
  let known = years.get(zone);
  if (!known) years.set(zone, (known = []));
  for (const year of known) if (utcMs >= year.from && utcMs < year.to) return year;
  const number = new Date(utcMs).getUTCFullYear();
  const year = { from: Date.UTC(number, 0, 1), to: Date.UTC(number + 1, 0, 1), changes: findChanges(zone, number) };
  known.push(year);
  return year;
}

/** The wall clock of the zone as milliseconds, readable with the getUTC methods of Date. */
export function wallClock(zone: Zone, utcMs: number): number {
  return utcMs + offsetMinutes(zone, utcMs) * MINUTE_MS;
}

function findChanges(zone: Zone, year: number): readonly Change[] {
  const start = Date.UTC(year, 0, 1);
  const end = Date.UTC(year + 1, 0, 1);
  const ask = asker(zone);
  const found: Change[] = [{ from: start, minutes: ask(start) }];
  for (let day = start; day < end; day += DAY_MS) {
    const before = ask(day);
    const after = ask(day + DAY_MS);
    if (before === after) continue;
    let low = day;
    let high = day + DAY_MS;
    while (high - low > MINUTE_MS) {
      const middle = Math.floor((low + high) / 2 / MINUTE_MS) * MINUTE_MS;
      if (ask(middle) === before) low = middle;
      else high = middle;
    }
    found.push({ from: high, minutes: after });
  }
  return found;
}

function asker(zone: Zone): (utcMs: number) => number {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  return (utcMs) => {
    const text = format.formatToParts(utcMs).find((part) => part.type === "timeZoneName")?.value ?? "GMT";
    const match = /GMT([+-])(\d\d):(\d\d)/.exec(text);
    if (!match) return 0;
    return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
  };
}

const TWO_DIGITS: readonly string[] = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, "0"));
const pad = (value: number): string => TWO_DIGITS[value] ?? String(value);

/** Day texts asked for so far; a demo spans some hundred days. */
const dayTexts = new Map<number, string>();

/** `2025-10-07` of a wall clock (see wallClock) or of UTC. */
export function isoDay(clockMs: number): string {
  const day = Math.floor(clockMs / DAY_MS);
  let text = dayTexts.get(day);
  if (text === undefined) {
    text = new Date(day * DAY_MS).toISOString().slice(0, 10);
    dayTexts.set(day, text);
  }
  return text;
}

/** `2025-10-07T09:50:26`. */
export function isoSeconds(clockMs: number): string {
  const seconds = Math.floor(clockMs / 1000) - Math.floor(clockMs / DAY_MS) * 86_400;
  const minutes = Math.floor(seconds / 60);
  return `${isoDay(clockMs)}T${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}:${pad(seconds % 60)}`;
}

export const utcZ = (utcMs: number): string => `${isoSeconds(utcMs)}Z`;

/** `+0200` or, with a separator, `+02:00`. */
export function offsetText(minutes: number, separator = ""): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${pad(Math.floor(size / 60))}${separator}${pad(size % 60)}`;
}
