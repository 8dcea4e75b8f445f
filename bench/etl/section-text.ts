// The figures of the loading benchmark as Markdown: the measured values beside what the project promises.
import os from "node:os";
import { memoryLimit } from "../../etl/settings/memory-limit.ts";
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
    ...table("wall seconds (processor seconds)", stageRows(measured)),
    "",
    ...table("most memory held", memoryRows(measured)),
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

interface Target {
  readonly name: string;
  /** null: nothing to tell at this scale. */
  readonly value: (each: Measurement) => number | null;
  readonly text: (value: number) => string;
  readonly isMissed?: (value: number, scale: Scale) => boolean;
}

function targetRows(measured: readonly Measurement[]): Row[] {
  return targetsFor(measured).map(({ name, value, text, isMissed }) => [
    name,
    ...measured.map((each) => {
      const found = value(each);
      if (found === null) return "–";
      return isMissed?.(found, each.scale) ? `**${text(found)}**` : text(found);
    }),
  ]);
}

function targetsFor(measured: readonly Measurement[]): Target[] {
  const { firstLoadToBare, peakBytes, dayToFirstLoad, daySeconds, growth, publishedToGzip } = TARGETS;
  const inProcessor = "– in processor time";
  const isLargest = (scale: Scale): boolean => scale === 100;
  return [
    {
      name: "first load ÷ bare DuckDB (≤ 3)",
      value: ({ first, bare }) => withoutDetection(first) / bare.seconds,
      text: ratio,
      isMissed: (value) => value > firstLoadToBare,
    },
    {
      name: inProcessor,
      value: ({ first, bare }) => divided(cpuWithoutDetection(first), bare.cpuSeconds),
      text: ratio,
    },
    {
      name: "most memory (≤ 4 GB at 100x)",
      value: ({ first, day }) => first.peakBytes && Math.max(first.peakBytes, day.peakBytes ?? 0),
      text: gigabytes,
      isMissed: (value, scale) => isLargest(scale) && value > peakBytes,
    },
    {
      name: "one more day (≤ 5 s at 10x, ≤ 30 s at 100x)",
      value: ({ day }) => withoutDetection(day),
      text: seconds,
      isMissed: (value, scale) => value > (daySeconds[scale] ?? Infinity),
    },
    { name: "– with detection", value: ({ day }) => day.seconds, text: seconds },
    {
      name: "one more day ÷ first load (≤ 10 % at 100x)",
      value: ({ day, first }) => withoutDetection(day) / withoutDetection(first),
      text: percent,
      isMissed: (value, scale) => isLargest(scale) && value > dayToFirstLoad,
    },
    {
      name: inProcessor,
      value: ({ day, first }) => divided(cpuWithoutDetection(day), cpuWithoutDetection(first)),
      text: percent,
    },
    { name: "small day", value: ({ smallDay }) => withoutDetection(smallDay), text: seconds },
    {
      name: "small day ÷ the same on a tenth of the history (< 2)",
      value: grown(measured, withoutDetection),
      text: ratio,
      isMissed: (value) => value >= growth,
    },
    { name: inProcessor, value: grown(measured, cpuWithoutDetection), text: ratio },
    {
      name: "published file ÷ gzip -6 of the exports (≤ 0.5)",
      value: ({ publishedBytes, gzipBytes }) => publishedBytes / gzipBytes,
      text: ratio,
      isMissed: (value) => value > publishedToGzip,
    },
  ];
}

const divided = (value: number | null, by: number | null): number | null =>
  value === null || by === null ? null : value / by;

/** What a day of the same size costs as a multiple of its cost at the scale before. */
function grown(measured: readonly Measurement[], cost: (run: PipelineRun) => number | null): Target["value"] {
  return ({ scale, smallDay }) => {
    const smaller = measured.find((other) => other.scale * 10 === scale);
    return smaller ? divided(cost(smallDay), cost(smaller.smallDay)) : null;
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
  const cost = (wall: number, cpu: number | null): string =>
    cpu === null ? seconds(wall) : `${seconds(wall)} (${seconds(cpu)})`;
  const stages = (pick: (each: Measurement) => PipelineRun): string[] => [
    ...new Set(measured.flatMap((each) => [...pick(each).stages.keys()])),
  ];
  const part = (title: string, pick: (each: Measurement) => PipelineRun): Row[] => [
    [title, ...measured.map((each) => cost(pick(each).seconds, pick(each).cpuSeconds))],
    ...stages(pick).map((name) => [
      `– ${name}${name === DETECTION ? " (not counted)" : ""}`,
      ...measured.map((each) => {
        const stage = pick(each).stages.get(name);
        return stage ? cost(stage.seconds, stage.cpuSeconds) : "–";
      }),
    ]),
  ];
  const rate = (each: Measurement): string =>
    Math.round(each.rows / withoutDetection(each.first)).toLocaleString("en-US");
  return [
    ["bare DuckDB", ...measured.map(({ bare }) => cost(bare.seconds, bare.cpuSeconds))],
    ...part("first load", (each) => each.first),
    ["first load, rows a second", ...measured.map(rate)],
    ...part("small day", (each) => each.smallDay),
    ...part("one more day", (each) => each.day),
  ];
}

function memoryRows(measured: readonly Measurement[]): Row[] {
  const most = (name: string, pick: (each: Measurement) => Measurement["bare"] | PipelineRun): Row => [
    name,
    ...measured.map((each) => {
      const { peakBytes } = pick(each);
      return peakBytes === null ? "–" : gigabytes(peakBytes);
    }),
  ];
  return [
    most("bare DuckDB", (each) => each.bare),
    most("first load", (each) => each.first),
    most("small day", (each) => each.smallDay),
    most("one more day", (each) => each.day),
  ];
}

const ratio = (value: number): string => value.toFixed(2);
const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
const seconds = (value: number): string => `${value.toFixed(value >= 100 ? 0 : 1)} s`;
const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;
