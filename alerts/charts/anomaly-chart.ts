// One finding's days -> an SVG picture: bars observed, line expected, band of 95 % of usual days, alarm days marked.
// Holds digits and dates only, in Latin letters: the words (any language) stand in the mail beside it.
import { scaleBand, scaleLinear } from "d3-scale";
import { area, curveMonotoneX, line } from "d3-shape";
import type { AnomalyDay } from "../anomaly.ts";
import { addDays, daysBetween, daysInclusive } from "../dates.ts";
import type { Language } from "../message.ts";
import { formatDay } from "../numbers.ts";

export const CHART_WIDTH = 552;
export const CHART_HEIGHT = 220;

/** The chart's colours by meaning; the legend in the mail uses the same. */
export const CHART_COLOURS = {
  observed: "#9aa8bd",
  alarm: "#c8321f",
  expected: "#1d4ed8",
  band: "#dbe6fb",
  /** The band's colour for small keys, where the light one would not be seen. */
  bandKey: "#a9c1f5",
  grid: "#e6e9ef",
  text: "#475467",
  episode: "#fdf1ef",
} as const;

const MARGIN = { top: 26, right: 10, bottom: 30, left: 38 };
const RIGHT = CHART_WIDTH - MARGIN.right;
const FONT = 'font-family="Inter" font-size="13.5"';
const MAX_DATE_LABELS = 7;

export interface AnomalyChartInput {
  /** In date order, at least one. */
  readonly days: readonly AnomalyDay[];
  readonly startedOn: string;
  readonly language: Language;
}

/** The picture as SVG text of CHART_WIDTH × CHART_HEIGHT. */
export function anomalyChartSvg({ days, startedOn, language }: AnomalyChartInput): string {
  const first = days[0]?.date ?? startedOn;
  const last = days.at(-1)?.date ?? startedOn;
  const x = scaleBand()
    .domain(daysInclusive(first, last))
    .range([MARGIN.left, RIGHT])
    .paddingInner(0.22)
    .paddingOuter(0.3);
  const top = Math.max(1, ...days.map((day) => Math.max(day.observed, day.upper, day.expected)));
  const y = scaleLinear()
    .domain([0, top * 1.08])
    .nice(4)
    .range([CHART_HEIGHT - MARGIN.bottom, MARGIN.top]);
  const scales: Scales = {
    x: (date) => x(date) ?? MARGIN.left,
    barWidth: x.bandwidth(),
    step: x.step(),
    y: (value) => y(value),
  };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${CHART_WIDTH}" height="${CHART_HEIGHT}" viewBox="0 0 ${CHART_WIDTH} ${CHART_HEIGHT}">`,
    `<rect width="${CHART_WIDTH}" height="${CHART_HEIGHT}" fill="#ffffff"/>`,
    episodeGround(scales, startedOn, first),
    ...y
      .ticks(4)
      .filter(Number.isInteger)
      .map((tick) => gridLine(y(tick), tick)),
    bandArea(scales, days),
    episodeStart(scales, startedOn, first, language),
    ...days.map((day) => bar(scales, day)),
    expectedLine(scales, days),
    ...days.filter((day) => day.isAlarm && day.observed > 0).map((day) => alarmMark(scales, day)),
    `<line x1="${MARGIN.left}" x2="${RIGHT}" y1="${px(y(0))}" y2="${px(y(0))}" stroke="#98a2b3"/>`,
    ...dateLabels(scales, first, last, language),
    "</svg>",
  ].join("");
}

interface Scales {
  readonly x: (date: string) => number;
  readonly barWidth: number;
  readonly step: number;
  readonly y: (value: number) => number;
}

const px = (value: number) => value.toFixed(1);

// The days since the start on a tinted ground with the date above: it shows in grey tones and to colour-blind eyes too.
function episodeGround(scales: Scales, startedOn: string, first: string): string {
  const left = startEdge(scales, startedOn, first);
  const height = CHART_HEIGHT - MARGIN.bottom - MARGIN.top;
  return `<rect x="${px(left)}" y="${MARGIN.top}" width="${px(RIGHT - left)}" height="${height}" fill="${CHART_COLOURS.episode}"/>`;
}

function episodeStart(scales: Scales, startedOn: string, first: string, language: Language): string {
  const left = startEdge(scales, startedOn, first);
  const roomToTheRight = RIGHT - left > 90;
  const at = roomToTheRight ? left + 6 : left - 6;
  const anchor = roomToTheRight ? "start" : "end";
  return (
    `<line x1="${px(left)}" x2="${px(left)}" y1="8" y2="${CHART_HEIGHT - MARGIN.bottom}" stroke="${CHART_COLOURS.alarm}" stroke-dasharray="3 3"/>` +
    `<text x="${px(at)}" y="18" ${FONT} fill="${CHART_COLOURS.alarm}" text-anchor="${anchor}">${shortDay(startedOn, language)}</text>`
  );
}

function startEdge({ x, step, barWidth }: Scales, startedOn: string, first: string): number {
  return x(startedOn < first ? first : startedOn) - (step - barWidth) / 2;
}

function gridLine(at: number, value: number): string {
  return (
    `<line x1="${MARGIN.left}" x2="${RIGHT}" y1="${px(at)}" y2="${px(at)}" stroke="${CHART_COLOURS.grid}"/>` +
    `<text x="${MARGIN.left - 8}" y="${px(at + 4.5)}" ${FONT} fill="${CHART_COLOURS.text}" text-anchor="end">${value}</text>`
  );
}

// Steps, not a curve: the bounds belong to whole days.
function bandArea({ x, barWidth, step, y }: Scales, days: readonly AnomalyDay[]): string {
  const edges = days.flatMap((day) => {
    const left = x(day.date) - (step - barWidth) / 2;
    return [
      { ...day, at: left },
      { ...day, at: left + step },
    ];
  });
  const path = area<(typeof edges)[number]>()
    .x((edge) => edge.at)
    .y0((edge) => y(edge.lower))
    .y1((edge) => y(edge.upper))(edges);
  return path ? `<path d="${path}" fill="${CHART_COLOURS.band}" fill-opacity="0.85"/>` : "";
}

function expectedLine({ x, barWidth, y }: Scales, days: readonly AnomalyDay[]): string {
  const path = line<AnomalyDay>()
    .x((day) => x(day.date) + barWidth / 2)
    .y((day) => y(day.expected))
    .curve(curveMonotoneX)(days);
  return path
    ? `<path d="${path}" fill="none" stroke="${CHART_COLOURS.expected}" stroke-width="2" stroke-linejoin="round"/>`
    : "";
}

function bar({ x, barWidth, y }: Scales, day: AnomalyDay): string {
  if (day.observed <= 0) return "";
  const fill = day.isAlarm ? CHART_COLOURS.alarm : CHART_COLOURS.observed;
  return `<rect x="${px(x(day.date))}" y="${px(y(day.observed))}" width="${px(barWidth)}" height="${px(y(0) - y(day.observed))}" fill="${fill}"/>`;
}

function alarmMark({ x, barWidth, y }: Scales, day: AnomalyDay): string {
  const centre = x(day.date) + barWidth / 2;
  const top = y(day.observed) - 3;
  return `<path d="M${px(centre)} ${px(top)}l-3 -5h6z" fill="${CHART_COLOURS.alarm}"/>`;
}

function dateLabels({ x, barWidth }: Scales, first: string, last: string, language: Language): string[] {
  const total = daysBetween(first, last) + 1;
  const step = Math.max(1, Math.ceil(total / MAX_DATE_LABELS / 7) * 7);
  const shortStep = total <= 14 ? Math.ceil(total / MAX_DATE_LABELS) : step;
  return Array.from({ length: Math.ceil(total / shortStep) }, (_, index) => addDays(last, -index * shortStep))
    .filter((date) => date >= first && x(date) > MARGIN.left - 10)
    .map((date) => {
      const centre = x(date) + barWidth / 2;
      const anchor = centre > CHART_WIDTH - 30 ? "end" : centre < MARGIN.left + 16 ? "start" : "middle";
      const at = anchor === "end" ? RIGHT : anchor === "start" ? MARGIN.left : centre;
      const foot = CHART_HEIGHT - MARGIN.bottom;
      return (
        `<line x1="${px(centre)}" x2="${px(centre)}" y1="${foot}" y2="${foot + 4}" stroke="#98a2b3"/>` +
        `<text x="${px(at)}" y="${CHART_HEIGHT - 8}" ${FONT} fill="${CHART_COLOURS.text}" text-anchor="${anchor}">${shortDay(date, language)}</text>`
      );
    });
}

// The font of the picture holds Latin letters only.
function shortDay(date: string, language: Language): string {
  return language === "zh" ? date.slice(5) : formatDay(date, "en", date.slice(0, 4));
}
