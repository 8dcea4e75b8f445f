// Numbers, dates and durations in the page's language. One formatter a language, made once.
import { toDate, type Day, type Grain } from "./day.ts";
import { lastDay, type Period } from "./period.ts";

export type Language = "en" | "zh";

const LOCALES: Record<Language, string> = { en: "en-GB", zh: "zh-CN" };
/** The dash that stands for "no value". */
export const NO_VALUE = "—";

/** Minutes in a minute, an hour or a day. */
export type DurationUnit = 1 | 60 | 1440;

export interface Formatter {
  readonly language: Language;
  readonly count: (value: number | null) => string;
  /** One or two decimals, e.g. expected counts. */
  readonly decimal: (value: number | null, digits?: number) => string;
  /** A fraction 0–1 as per cent. */
  readonly percent: (value: number | null) => string;
  /** `+12 %`, `−3.1 %`. */
  readonly signedPercent: (value: number) => string;
  /** A difference of fractions as percentage points, without the unit: `+1.3`. */
  readonly signedPoints: (value: number) => string;
  /** 2.9 → `2.9×`. */
  readonly ratio: (value: number | null) => string;
  /** Minutes in the unit a reader thinks in. */
  readonly minutes: (value: number | null) => string;
  /** An amount of the given unit, for axes that keep to one unit. */
  readonly duration: (amount: number, unit: DurationUnit) => string;
  readonly money: (value: number | null, currency: string) => string;
  readonly day: (day: Day | null) => string;
  /** Day and month, for axes. */
  readonly shortDay: (day: Day) => string;
  readonly bucket: (start: Day, grain: Grain) => string;
  readonly period: (period: Period) => string;
  /** An ISO timestamp that already is in the reporting zone. */
  readonly dateTime: (timestamp: string | null) => string;
  /** An instant (epoch ms or ISO with Z) in the given IANA zone. */
  readonly instant: (value: string | number, timeZone: string) => string;
  readonly list: (items: readonly string[]) => string;
}

const cache = new Map<Language, Formatter>();

export function formatterFor(language: Language): Formatter {
  const known = cache.get(language);
  if (known) return known;
  const made = createFormatter(language);
  cache.set(language, made);
  return made;
}

function createFormatter(language: Language): Formatter {
  const locale = LOCALES[language];
  const dates = dateFormats(language);
  const number = (options: Intl.NumberFormatOptions) => {
    const format = new Intl.NumberFormat(locale, options);
    return (value: number | null) => (value === null ? NO_VALUE : format.format(value));
  };
  const percentSmall = number({ style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const percentLarge = number({ style: "percent", maximumFractionDigits: 0 });
  const decimals = [0, 1, 2, 3].map((digits) =>
    number({ minimumFractionDigits: digits, maximumFractionDigits: digits }),
  );
  const signed = new Intl.NumberFormat(locale, {
    signDisplay: "exceptZero",
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  const signedWhole = new Intl.NumberFormat(locale, {
    style: "percent",
    signDisplay: "exceptZero",
    maximumFractionDigits: 0,
  });
  const signedFine = new Intl.NumberFormat(locale, {
    style: "percent",
    signDisplay: "exceptZero",
    maximumFractionDigits: 1,
  });
  return {
    language,
    count: number({ maximumFractionDigits: 0 }),
    decimal: (value, digits = 1) => (decimals[digits] ?? decimals[1])?.(value) ?? NO_VALUE,
    percent: (value) =>
      value === null || (value > 0 && value < 1 && value !== 0.5) ? percentSmall(value) : percentLarge(value),
    signedPercent: (value) => (Math.abs(value) < 0.1 ? signedFine : signedWhole).format(value),
    signedPoints: (value) => signed.format(value * 100),
    ratio: (value) => (value === null ? NO_VALUE : `${(value >= 10 ? decimals[0] : decimals[1])?.(value)}×`),
    ...durationFormats(language),
    money: (value, currency) =>
      value === null
        ? NO_VALUE
        : new Intl.NumberFormat(locale, { style: "currency", currency, maximumFractionDigits: 0 }).format(value),
    ...dates,
    list: (items) => new Intl.ListFormat(locale, { type: "conjunction" }).format(items),
  };
}

/** Own unit words: the browser's differ between ICU versions ("min", "mins"). */
const DURATION_UNITS: Record<Language, { minute: string; hour: string; day: string }> = {
  en: { minute: "min", hour: "h", day: "d" },
  zh: { minute: "分钟", hour: "小时", day: "天" },
};

function durationFormats(language: Language): Pick<Formatter, "minutes" | "duration"> {
  const units = DURATION_UNITS[language];
  const names: Record<DurationUnit, string> = { 1: units.minute, 60: units.hour, 1440: units.day };
  const whole = new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: 0 });
  const fine = new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: 1 });
  const duration = (amount: number, unit: DurationUnit) =>
    `${(unit === 1 ? whole : fine).format(amount)} ${names[unit]}`;
  return {
    duration,
    minutes: (minutes) => {
      if (minutes === null) return NO_VALUE;
      const unit = minutes < 90 ? 1 : minutes < 48 * 60 ? 60 : 1440;
      return duration(minutes / unit, unit);
    },
  };
}

function dateFormats(language: Language) {
  const locale = LOCALES[language];
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options);
  const full = format({ day: "numeric", month: "short", year: "numeric" });
  const short = format({ day: "numeric", month: "short" });
  const month = format({ month: "short", year: "numeric" });
  const time = format({ day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
  return {
    day: (day: Day | null) => (day ? full.format(toDate(day.slice(0, 10))) : NO_VALUE),
    shortDay: (day: Day) => short.format(toDate(day)),
    bucket: (start: Day, grain: Grain) => (grain === "month" ? month : short).format(toDate(start)),
    period: (period: Period) => {
      const from = toDate(period.from);
      const to = toDate(lastDay(period));
      if (language === "en") return full.formatRange(from, to);
      // The browser's Chinese range switches to slashes; dates on a page should look alike.
      return `${full.format(from)} – ${(from.getFullYear() === to.getFullYear() ? short : full).format(to)}`;
    },
    // A zone-less ISO text is read as local time and printed as local time: the wall clock stays as it is.
    dateTime: (timestamp: string | null) => (timestamp ? time.format(new Date(timestamp.slice(0, 19))) : NO_VALUE),
    instant: (value: string | number, timeZone: string) =>
      format({ dateStyle: "medium", timeStyle: "short", timeZone }).format(new Date(value)),
  };
}
