// One anomaly with its detail -> the block the mail shows for it.
import type { Anomaly, AnomalyDay, AnomalyDetail, DataStatus } from "./anomaly.ts";
import type { Catalogue, FindingWords } from "./catalogue/catalogue.ts";
import type { ChartPicture } from "./charts/draw-charts.ts";
import { cleanLine } from "./clean-text.ts";
import { composeConcentration, startWith } from "./compose-concentration.ts";
import { daysBetween } from "./dates.ts";
import { findingUrl } from "./links.ts";
import type { ChartImage, Fact, FindingBlock, FindingRow } from "./message.ts";
import { chanceOneIn, formatDay, formatMarket, formatMoney, formatNumber, formatRatio } from "./numbers.ts";
import { firstDayOf, lastDayOf } from "./read-anomalies.ts";
import { unitOfWatch } from "./watch-unit.ts";

/** A finding ready to be worded; `picture` is null where it has no days, an error where drawing failed. */
export interface ExplainedAnomaly {
  readonly anomaly: Anomaly;
  readonly detail: AnomalyDetail;
  readonly picture: ChartPicture | Error | null;
}

export interface FindingContext {
  readonly words: Catalogue;
  readonly status: DataStatus;
  readonly baseUrl: string;
}

/** The block of a finding shown in full. */
export function composeFinding(explained: ExplainedAnomaly, context: FindingContext): FindingBlock {
  const { anomaly, detail } = explained;
  const { words, status } = context;
  const language = words.language;
  const lastDay = lastDayOf(anomaly, status);
  const year = lastDay.slice(0, 4);
  const day = (date: string) => formatDay(date, language, year);
  const numbers = findingWords(anomaly, words, lastDay);
  const sentence = words.sentence(numbers);
  return {
    anomalyId: anomaly.anomalyId,
    severity: anomaly.severity,
    severityLabel: words.severity[anomaly.severity],
    reasonLabel: words.reasonLabel(anomaly.reason),
    productName: cleanLine(anomaly.productName),
    productCode: productCode(anomaly, words),
    sentence,
    certainty: words.certainty(chanceOneIn(anomaly.qValue)),
    timing: words.timing(day(anomaly.lastAlarmOn), daysBetween(anomaly.startedOn, lastDay) + 1),
    facts: composeFacts(explained, context, day),
    chart: composeChart(explained, words, sentence, day),
    chartMissing: chartMissing(explained, words),
    concentration: composeConcentration(detail.concentration, words),
    quotes:
      detail.quotes.length === 0
        ? null
        : {
            title: words.word.quotes,
            items: detail.quotes.map((quote) => ({
              text: cleanLine(quote.text, 240),
              origin: [quote.market === "unknown" ? "" : formatMarket(quote.market, language), day(quote.date)]
                .filter(Boolean)
                .join(" · "),
            })),
          },
    action: {
      title: words.word.action,
      text: words.action(anomaly.reason, startWith(anomaly.reason, detail.concentration)),
    },
    link: {
      label: words.word.openFinding,
      url: findingUrl(context.baseUrl, anomaly, firstDayOf(anomaly, lastDay), lastDay, language),
    },
  };
}

/** The line of a finding in the closing table. */
export function composeRow(anomaly: Anomaly, { words, status, baseUrl }: FindingContext): FindingRow {
  const lastDay = lastDayOf(anomaly, status);
  const numbers = findingWords(anomaly, words, lastDay);
  return {
    anomalyId: anomaly.anomalyId,
    severity: anomaly.severity,
    severityLabel: words.severity[anomaly.severity],
    productName: cleanLine(anomaly.productName, 80),
    productCode: productCode(anomaly, words),
    reasonLabel: words.reasonLabel(anomaly.reason),
    observed: numbers.observed,
    expected: numbers.expected,
    ratio: numbers.ratio ?? "–",
    since: `${words.word.since} ${numbers.since}`,
    url: findingUrl(baseUrl, anomaly, firstDayOf(anomaly, lastDay), lastDay, words.language),
  };
}

/** A finding's numbers as the language writes them. */
export function findingWords(anomaly: Anomaly, words: Catalogue, lastDay: string): FindingWords {
  const { language } = words;
  return {
    unit: unitOfWatch(anomaly.watch),
    reason: anomaly.reason,
    observed: formatNumber(anomaly.observed, language),
    expected: formatNumber(anomaly.expected, language),
    excess: formatNumber(anomaly.excess, language),
    ratio: formatRatio(anomaly.rateRatio, language),
    since: formatDay(anomaly.startedOn, language, lastDay.slice(0, 4)),
    until: anomaly.lastAlarmOn < lastDay ? formatDay(anomaly.lastAlarmOn, language, lastDay.slice(0, 4)) : null,
  };
}

function composeFacts(
  { anomaly, detail }: ExplainedAnomaly,
  { words, status }: FindingContext,
  day: (date: string) => string,
): Fact[] {
  const { language, word } = words;
  const numbers = findingWords(anomaly, words, lastDayOf(anomaly, status));
  const cost = anomaly.excessCost;
  const facts: Fact[] = [
    { label: word.observed, value: numbers.observed },
    { label: word.expected, value: numbers.expected },
    { label: word.ratio, value: numbers.ratio ?? "–" },
    { label: word.excess, value: `+${numbers.excess}` },
    {
      label: word.cost,
      value: cost === null ? word.costUnknown : formatMoney(cost, status.reportingCurrency, language),
      ...(cost === null ? {} : { note: words.costNote() }),
    },
  ];
  const days = daysOfFinding(anomaly, detail.days);
  const peak = peakDay(days);
  if (peak) {
    const above = days.filter((each) => each.observed > each.upper).length;
    facts.push({
      label: word.peakDay,
      value: words.peakValue(day(peak.date), formatNumber(peak.observed, language)),
      note: usualRange(peak, words),
    });
    facts.push({ label: word.daysAbove, value: words.daysAboveValue(above, days.length) });
  }
  if (anomaly.qValue !== null) {
    facts.push({
      label: word.qValue,
      value: anomaly.qValue < 0.0001 ? "< 0.0001" : formatNumber(anomaly.qValue, language),
    });
  }
  return facts;
}

function composeChart(
  { anomaly, detail, picture }: ExplainedAnomaly,
  words: Catalogue,
  sentence: string,
  day: (date: string) => string,
): ChartImage | null {
  const [first, last] = [detail.days[0], detail.days.at(-1)];
  if (!picture || picture instanceof Error || !first || !last) return null;
  const unit = unitOfWatch(anomaly.watch);
  const peak = peakDay(daysOfFinding(anomaly, detail.days));
  const peakText = peak
    ? `${words.peakValue(day(peak.date), formatNumber(peak.observed, words.language))} (${usualRange(peak, words)})`
    : null;
  return {
    contentId: `chart-${picture.hash}@aftersight`,
    png: picture.png,
    width: picture.width,
    height: picture.height,
    alt: words.chartAlt({
      unit,
      from: formatDay(first.date, words.language),
      to: formatDay(last.date, words.language),
      sentence,
      peak: peakText,
    }),
    caption: words.chartCaption(unit, day(first.date), formatDay(last.date, words.language)),
  };
}

function chartMissing({ picture }: ExplainedAnomaly, words: Catalogue): string | null {
  if (picture === null) return words.word.chartNoDays;
  return picture instanceof Error ? words.word.chartFailed : null;
}

function productCode(anomaly: Anomaly, words: Catalogue): string | null {
  const code = cleanLine(anomaly.productId, 60);
  if (anomaly.productName === anomaly.productId) return null;
  return /^sku/i.test(code) ? code : `${words.word.sku} ${code}`;
}

function daysOfFinding(anomaly: Anomaly, days: readonly AnomalyDay[]): readonly AnomalyDay[] {
  return days.filter((day) => day.date >= anomaly.startedOn && day.date <= anomaly.lastAlarmOn);
}

function peakDay(days: readonly AnomalyDay[]): AnomalyDay | undefined {
  return days.reduce<AnomalyDay | undefined>(
    (peak, day) => (day.observed > (peak?.observed ?? 0) ? day : peak),
    undefined,
  );
}

function usualRange(day: AnomalyDay, words: Catalogue): string {
  return words.usualRange(formatNumber(day.lower, words.language), formatNumber(day.upper, words.language));
}
