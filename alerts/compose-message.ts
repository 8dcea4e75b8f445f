// All findings of one mail -> its message. Pure: the clock comes in as `now`.
import type { Anomaly, DataStatus } from "./anomaly.ts";
import { CATALOGUES, type Catalogue } from "./catalogue/catalogue.ts";
import { cleanLine } from "./clean-text.ts";
import {
  composeFinding,
  composeRow,
  findingWords,
  type ExplainedAnomaly,
  type FindingContext,
} from "./compose-finding.ts";
import { instantOfLocalTime } from "./dates.ts";
import type { Language, Message, RestTable, Severity } from "./message.ts";
import { formatLocalTime } from "./numbers.ts";
import { lastDayOf } from "./read-anomalies.ts";

/** Findings shown with picture and explanation; the others are lines of a table. */
export const MAX_FULL_FINDINGS = 10;
const MAX_ROWS = 15;
const HOUR_MS = 3_600_000;

export interface MessageInput {
  readonly language: Language;
  readonly status: DataStatus;
  /** Most severe first. */
  readonly full: readonly ExplainedAnomaly[];
  readonly rest: readonly Anomaly[];
  /** Open findings that `minSeverity` leaves out. */
  readonly belowSeverity: number;
  readonly minSeverity: Severity;
  readonly baseUrl: string;
  readonly maxAgeHours: number;
  readonly now: Date;
}

/** The mail's content in the reader's language. */
export function composeMessage(input: MessageInput): Message {
  const words = CATALOGUES[input.language];
  const context: FindingContext = { words, status: input.status, baseUrl: input.baseUrl };
  const all = [...input.full.map((each) => each.anomaly), ...input.rest];
  const late = isLate(input.status, input.now, input.maxAgeHours);
  const first = all[0];
  const findings = input.full.map((each) => composeFinding(each, context));
  return {
    language: input.language,
    subject:
      (late ? words.word.lateSubjectPrefix : "") +
      (first ? subjectOf(first, all.length - 1, words, input.status) : words.word.allClearSubject),
    preheader: findings[0]?.sentence ?? words.allClearSummary(),
    sellerName: input.status.sellerName === null ? null : cleanLine(input.status.sellerName, 80),
    headline: first ? words.headline(all.length) : words.word.allClearHeadline,
    summary: summaryOf(all, words, input.status),
    warnings: late ? [{ title: words.word.lateTitle, text: lateText(input, words) }] : [],
    findings,
    rest: composeRest(input.rest, context),
    openLink: { label: words.word.openAftersight, url: `${input.baseUrl}/` },
    footer: footerOf(input, words),
  };
}

/** True where the data ends more than `maxAgeHours` before `now`, or at an unknown time. Demonstration data is never late. */
export function isLate(status: DataStatus, now: Date, maxAgeHours: number): boolean {
  if (status.isDemo) return false;
  if (status.dataCompleteTo === null) return true;
  const completeTo = instantOfLocalTime(status.dataCompleteTo, status.reportingTimeZone);
  return now.getTime() - completeTo > maxAgeHours * HOUR_MS;
}

function subjectOf(anomaly: Anomaly, others: number, words: Catalogue, status: DataStatus): string {
  const { ratio } = findingWords(anomaly, words, lastDayOf(anomaly, status));
  const product = cleanLine(anomaly.productName, 60);
  return words.subject(anomaly.severity, { product, reason: anomaly.reason, ratio }, others);
}

function summaryOf(all: readonly Anomaly[], words: Catalogue, status: DataStatus): string {
  const counts = { high: 0, medium: 0, low: 0 };
  for (const { severity } of all) counts[severity] += 1;
  const found = all.length === 0 ? words.allClearSummary() : words.countsBySeverity(counts);
  const separator = all.length === 0 ? " " : " · ";
  return `${found}${separator}${completeTo(words, status)}`;
}

function completeTo(words: Catalogue, status: DataStatus): string {
  if (status.dataCompleteTo === null) return words.completeUnknown();
  return words.completeTo(formatLocalTime(status.dataCompleteTo, words.language), status.reportingTimeZone);
}

function lateText({ status, maxAgeHours }: MessageInput, words: Catalogue): string {
  const time = status.dataCompleteTo === null ? null : formatLocalTime(status.dataCompleteTo, words.language);
  return words.late(time, status.reportingTimeZone, maxAgeHours);
}

function composeRest(rest: readonly Anomaly[], context: FindingContext): RestTable | null {
  if (rest.length === 0) return null;
  const { words } = context;
  const shown = rest.slice(0, MAX_ROWS);
  return {
    title: words.restTitle(rest.length),
    columns: {
      finding: words.word.finding,
      observed: words.word.observed,
      expected: words.word.expected,
      ratio: words.word.ratio,
    },
    rows: shown.map((anomaly) => composeRow(anomaly, context)),
    more: rest.length > shown.length ? words.restMore(rest.length - shown.length) : null,
  };
}

function footerOf(input: MessageInput, words: Catalogue): string[] {
  const { status } = input;
  return [
    ...(status.isDemo ? [words.demo()] : []),
    ...(input.belowSeverity > 0 ? [words.belowSeverity(input.belowSeverity, input.minSeverity)] : []),
    words.why(status.sellerName === null ? null : cleanLine(status.sellerName, 80)),
    `${completeTo(words, status)} · ${words.versionLine(status.versionName)}`,
  ];
}
