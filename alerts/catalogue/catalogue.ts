// Every word of the mail that isn't data, in one shape for each language. Canonical codes in, finished texts out.
import type { Slice } from "../anomaly.ts";
import type { Language, Severity } from "../message.ts";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

/** What a series counts. */
export type WatchUnit = "returns" | "tickets" | "cases";

export interface FindingWords {
  readonly unit: WatchUnit;
  readonly reason: string;
  readonly observed: string;
  readonly expected: string;
  readonly excess: string;
  /** Null where next to nothing was expected. */
  readonly ratio: string | null;
  readonly since: string;
  /** Last day of the sums; null where that is the last day of the data. */
  readonly until: string | null;
}

/** Where to look first, when most units of the finding share one value. */
export type StartWith = { readonly slice: Slice; readonly value: string } | null;

export interface Catalogue {
  readonly language: Language;
  readonly locale: string;
  readonly severity: Readonly<Record<Severity, string>>;
  readonly slice: Readonly<Record<Slice, string>>;
  readonly word: {
    readonly observed: string;
    readonly expected: string;
    readonly ratio: string;
    readonly excess: string;
    readonly cost: string;
    readonly costUnknown: string;
    readonly peakDay: string;
    readonly daysAbove: string;
    readonly finding: string;
    readonly observedBars: string;
    readonly alarmBars: string;
    readonly expectedLine: string;
    readonly band: string;
    readonly concentration: string;
    readonly quotes: string;
    readonly action: string;
    readonly openFinding: string;
    readonly openAftersight: string;
    readonly allClearHeadline: string;
    readonly allClearSubject: string;
    readonly lateTitle: string;
    readonly lateSubjectPrefix: string;
    readonly chartFailed: string;
    readonly chartNoDays: string;
    readonly qValue: string;
    readonly sku: string;
    readonly since: string;
  };
  reasonLabel(reason: string): string;
  sentence(words: FindingWords): string;
  certainty(oneIn: number | null): string;
  /** How the cost of the excess is reckoned. */
  costNote(): string;
  timing(lastAlarm: string, days: number): string;
  peakValue(day: string, observed: string): string;
  usualRange(lower: string, upper: string): string;
  daysAboveValue(above: number, total: number): string;
  share(units: string, total: string): string;
  /** `inProportion`: the returns follow the deliveries, so this explains nothing. */
  deliveredShare(share: string, inProportion: boolean): string;
  action(reason: string, start: StartWith): string;
  subject(severity: Severity, what: { product: string; reason: string; ratio: string | null }, others: number): string;
  headline(count: number): string;
  countsBySeverity(counts: Readonly<Record<Severity, number>>): string;
  completeTo(time: string, zone: string): string;
  completeUnknown(): string;
  late(time: string | null, zone: string, maxAgeHours: number): string;
  belowSeverity(count: number, severity: Severity): string;
  demo(): string;
  restTitle(count: number): string;
  restMore(count: number): string;
  allClearSummary(): string;
  chartAlt(parts: { unit: WatchUnit; from: string; to: string; sentence: string; peak: string | null }): string;
  chartCaption(unit: WatchUnit, from: string, to: string): string;
  why(seller: string | null): string;
  versionLine(version: string): string;
}

export const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en, zh };
