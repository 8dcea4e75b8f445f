// The figures of the loading benchmark as Markdown: the measured values beside what the project promises.
import os from "node:os";
import { memoryLimit } from "../../etl/memory-limit.ts";
import type { Measurement } from "./measure.ts";
import { cpuWithoutDetection, DETECTION, withoutDetection, type PipelineRun } from "./pipeline-run.ts";
import type { Scale } from "./scales.ts";

/** What the project promises; the measured values stand beside them. */
const TARGETS = {
  firstLoadToBare: 3,
  peakBytes: 4e9,
  dayToFirstLoad: 0.1,
  daySeconds: { 1: null, 10: 5, 100: 30 } as Readonly<Record<Scale, number | null>>,
  growth: 2,
  publishedToGzip: 0.5,
} as const;

/** The text under `heading`; scales that could not be measured are told by their failures. */
export function sectionOf(heading: string, measured: readonly Measurement[], failures: readonly string[]): string {
  const table = (first: string, rows: readonly (readonly string[])[]): string[] => [
    `| ${[first, ...measured.map(({ scale }) => `${scale}x`)].join(" | ")} |`,
    `|${"---|".repeat(measured.length + 1)}`,
    ...rows.map((row) => `| ${row.join(" | ")} |`),
  ];
  const lines = [
    heading,
    "",
    introduction(),
    "",
    ...table("against the targets", targetRows(measured)),
    "",
    ...table("the data", dataRows(measured)),
    "",
    ...table("wall seconds", stageRows(measured)),
    "",
    ...table("processor seconds and memory", effortRows(measured)),
    ...failures.flatMap((failure) => ["", failure]),
  ];
  return `${lines.join("\n")}\n`;
}

function introduction(): string {
  const memory = `${Math.round(os.totalmem() / 2 ** 30)} GiB`;
  return `\`npm run bench -- etl --scale 1,10,100\` writes this section: each column one go on ${os.cpus().length} cores (${os.cpus()[0]?.model ?? "unknown"}), ${memory},
Node ${process.versions.node}, DuckDB's memory limited to ${memoryLimit()} in both. Load average when it ended: ${os.loadavg()[0]?.toFixed(1)}; what else ran beside it slows both sides.
Bare DuckDB: the same files into typed tables by \`create table as\` (bench/etl/bare-tables.ts), nothing checked, masked or joined. Times are whole
processes, start included; detection is shown and not counted. One more day: the exports of the next day come into the inbox
and the pipeline runs again. Small day: of that day as much as the 1-fold shop has. **Bold**: the target is missed.`;
}

type Row = readonly string[];

function targetRows(measured: readonly Measurement[]): Row[] {
  const rows = <T extends number | null>(
    name: string,
    value: (each: Measurement, index: number) => T,
    isGood: (value: number, each: Measurement) => boolean,
    text: (value: number) => string,
  ): Row => [
    name,
    ...measured.map((each, index) => {
      const found = value(each, index);
      if (found === null) return "–";
      return isGood(found, each) ? text(found) : `**${text(found)}**`;
    }),
  ];
  const { firstLoadToBare, peakBytes, dayToFirstLoad, daySeconds, growth, publishedToGzip } = TARGETS;
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  const day = (each: Measurement): number => withoutDetection(each.day);
  const peak = ({ first, day: next }: Measurement): number | null =>
    first.peakBytes === null ? null : Math.max(first.peakBytes, next.peakBytes ?? 0);
  return [
    rows(
      "first load ÷ bare DuckDB (≤ 3)",
      firstToBare,
      (value) => value <= firstLoadToBare,
      (value) => value.toFixed(2),
    ),
    rows(
      "the same in processor time",
      cpuToBare,
      () => true,
      (value) => value.toFixed(2),
    ),
    rows("peak memory (≤ 4 GB at 100x)", peak, (value, { scale }) => scale < 100 || value <= peakBytes, gigabytes),
    rows(
      "one more day (≤ 5 s at 10x, ≤ 30 s at 100x)",
      day,
      (value, { scale }) => value <= (daySeconds[scale] ?? Infinity),
      seconds,
    ),
    rows(
      "with detection",
      (each) => each.day.seconds,
      () => true,
      seconds,
    ),
    rows(
      "one more day ÷ first load (≤ 10 % at 100x)",
      (each) => day(each) / withoutDetection(each.first),
      (value, { scale }) => scale < 100 || value <= dayToFirstLoad,
      percent,
    ),
    rows(
      "small day",
      (each) => withoutDetection(each.smallDay),
      () => true,
      seconds,
    ),
    rows(
      "small day ÷ on a tenth of the history (< 2)",
      growthAt(measured),
      (value) => value < growth,
      (value) => value.toFixed(2),
    ),
    rows(
      "published file ÷ gzip -6 of the exports (≤ 0.5)",
      ({ publishedBytes, gzipBytes }) => publishedBytes / gzipBytes,
      (value) => value <= publishedToGzip,
      (value) => value.toFixed(2),
    ),
  ];
}

const firstToBare = ({ first, bare }: Measurement): number => withoutDetection(first) / bare.seconds;

function cpuToBare({ first, bare }: Measurement): number | null {
  const cpu = cpuWithoutDetection(first);
  return cpu === null || bare.cpuSeconds === null ? null : cpu / bare.cpuSeconds;
}

function growthAt(measured: readonly Measurement[]): (each: Measurement) => number | null {
  return ({ scale, smallDay }) => {
    const smaller = measured.find((other) => other.scale * 10 === scale);
    return smaller ? withoutDetection(smallDay) / withoutDetection(smaller.smallDay) : null;
  };
}

function dataRows(measured: readonly Measurement[]): Row[] {
  const counts = (name: string, value: (each: Measurement) => number): Row => [
    name,
    ...measured.map((each) => value(each).toLocaleString("en-US")),
  ];
  const of = (value: (counts: Measurement["counts"]) => number): ((each: Measurement) => number) => {
    return (each) => value(each.counts);
  };
  return [
    counts(
      "order lines",
      of((each) => each.shopify_order_lines + each.amazon_order_lines),
    ),
    counts(
      "tickets",
      of((each) => each.zendesk_tickets),
    ),
    counts(
      "carrier events",
      of((each) => each.aftership_checkpoints),
    ),
    counts(
      "returns",
      of((each) => each.fba_returned_units + each.shop_returns_settled),
    ),
    counts("rows in all, as often as written", (each) => each.rows),
    counts("rows of one more day", (each) => each.newsRows),
    ["exports", ...measured.map(({ inputBytes }) => gigabytes(inputBytes))],
    ["exports, gzip -6", ...measured.map(({ gzipBytes }) => gigabytes(gzipBytes))],
    ["published file", ...measured.map(({ publishedBytes }) => gigabytes(publishedBytes))],
  ];
}

function stageRows(measured: readonly Measurement[]): Row[] {
  const stages = (pick: (each: Measurement) => PipelineRun): string[] => [
    ...new Set(measured.flatMap((each) => [...pick(each).stages.keys()])),
  ];
  const part = (title: string, pick: (each: Measurement) => PipelineRun): Row[] => [
    [title, ...measured.map((each) => seconds(pick(each).seconds))],
    ...stages(pick).map((stage) => [
      `– ${stage}${stage === DETECTION ? " (not counted)" : ""}`,
      ...measured.map((each) => seconds(pick(each).stages.get(stage)?.seconds ?? 0)),
    ]),
  ];
  const rate = (each: Measurement): string =>
    Math.round(each.rows / withoutDetection(each.first)).toLocaleString("en-US");
  return [
    ["bare DuckDB", ...measured.map(({ bare }) => seconds(bare.seconds))],
    ...part("first load", (each) => each.first),
    ["first load, rows a second", ...measured.map(rate)],
    ...part("one more day", (each) => each.day),
  ];
}

function effortRows(measured: readonly Measurement[]): Row[] {
  const effort = (name: string, pick: (each: Measurement) => Measurement["bare"] | PipelineRun): Row => [
    name,
    ...measured.map((each) => {
      const { cpuSeconds, peakBytes } = pick(each);
      return cpuSeconds === null || peakBytes === null ? "–" : `${seconds(cpuSeconds)}, ${gigabytes(peakBytes)}`;
    }),
  ];
  return [
    effort("bare DuckDB", (each) => each.bare),
    effort("first load", (each) => each.first),
    effort("small day", (each) => each.smallDay),
    effort("one more day", (each) => each.day),
  ];
}

const seconds = (value: number): string => `${value.toFixed(value >= 100 ? 0 : 1)} s`;
const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;
