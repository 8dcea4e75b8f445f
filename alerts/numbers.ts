// Numbers, shares, money and days as the reader's language writes them.
import type { Language } from "./message.ts";

const LOCALES = { en: "en-US", zh: "zh-CN" } as const;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A count or an expectation: one decimal at most, two digits where it is below 1. */
export function formatNumber(value: number, language: Language): string {
  const small = Math.abs(value) < 1;
  return value.toLocaleString(
    LOCALES[language],
    small ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 1 },
  );
}

/** A fraction as a whole per cent, e.g. `62 %`. */
export function formatShare(fraction: number, language: Language): string {
  const percent = Math.round(fraction * 100);
  return language === "zh" ? `${percent}%` : `${percent} %`;
}

/** e.g. `2.9×`; null where the ratio says nothing because next to nothing was expected. */
export function formatRatio(ratio: number | null, language: Language): string | null {
  if (ratio === null || !Number.isFinite(ratio) || ratio > 1000) return null;
  const digits = ratio < 10 ? 1 : 0;
  return `${ratio.toLocaleString(LOCALES[language], { minimumFractionDigits: digits, maximumFractionDigits: digits })}×`;
}

/** An amount with its currency code, e.g. `1,250 USD`: a bare dollar sign would be read as the reader's own. */
export function formatMoney(amount: number, currency: string, language: Language): string {
  const digits = Math.abs(amount) < 100 ? 2 : 0;
  const number = amount.toLocaleString(LOCALES[language], {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${number} ${currency}`;
}

/** `3 Nov`, with the year where it isn't `thisYear`; in Chinese `11月3日`. */
export function formatDay(date: string, language: Language, thisYear?: string): string {
  const [year = "", month = "", day = ""] = date.slice(0, 10).split("-");
  const withYear = year !== thisYear;
  if (language === "zh") return `${withYear ? `${year}年` : ""}${Number(month)}月${Number(day)}日`;
  return `${Number(day)} ${MONTHS[Number(month) - 1]}${withYear ? ` ${year}` : ""}`;
}

/** A naive local time to the minute. */
export function formatLocalTime(local: string, language: Language): string {
  return `${formatDay(local, language)} ${local.slice(11, 16)}`;
}

/** A market's name where the code is a country's; else the code itself. */
export function formatMarket(market: string, language: Language): string {
  if (!/^[A-Z]{2}$/.test(market)) return market;
  return new Intl.DisplayNames([LOCALES[language]], { type: "region", fallback: "code" }).of(market) ?? market;
}

const ONE_IN_STEPS = [1000, 500, 200, 100, 50, 20, 10];

/** The largest round N for which "fewer than 1 in N is chance" holds for a q-value; null above 1 in 10. */
export function chanceOneIn(qValue: number | null): number | null {
  if (qValue === null) return null;
  return ONE_IN_STEPS.find((step) => qValue < 1 / step) ?? null;
}
