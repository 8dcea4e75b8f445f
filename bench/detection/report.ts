// The benchmark's figures as a section of docs/benchmarks.md; other sections are left alone.
import { DEFAULT_OPTIONS } from "../../detection/detector.ts";
import { DEFAULT_DETECTOR, DETECTORS } from "../../detection/detectors.ts";
import {
  DATA_SETS,
  readAnchors,
  scoreDetector,
  scoreRates,
  type DataSet,
  type Rates,
  type Score,
} from "./benchmark.ts";
import { writeSection } from "../section.ts";

const HEADING = "## Detection";
const LOADS = ["fa<=0.1", "fa<=0.25", "fa<=0.5", "fa<=1"];

/** References worth a line: the best, what BI tools ship, and the ceiling. */
const REFERENCES: Record<DataSet, readonly string[]> = {
  daily: [
    "oracle_known_baseline",
    "prototype",
    "farringtonFlexible_week_delayoffset",
    "GLRNB_day_glm_delayoffset",
    "glmnb_day_delayoffset",
    "STL_MAD_day",
    "shewhart28_rate_day",
  ],
  cohort: [
    "oracle_known_baseline",
    "prototype_arrivalview",
    "farringtonFlexible_week_delayoffset",
    "GLRNB_day_glm_delayoffset",
  ],
};

/** Runs every detector on every data set, prints progress and writes the section; returns its text. */
export async function reportDetection(report: (line: string) => void): Promise<string> {
  const parts = [HEADING, "", INTRODUCTION];
  for (const dataSet of DATA_SETS) {
    const rows: string[] = [];
    for (const detector of DETECTORS) {
      const score = await scoreDetector(detector, dataSet);
      rows.push(line(`**${detector.name}**`, score));
      report(`${dataSet}: ${rows.at(-1)}`);
    }
    const anchors = await readAnchors(dataSet);
    for (const name of REFERENCES[dataSet]) if (anchors[name]) rows.push(line(name, anchors[name]));
    parts.push("", `### ${dataSet}`, "", ...TABLE_HEAD, ...rows);
  }
  parts.push("", "### What false-discovery control costs", "", RATES_INTRODUCTION, "", ...(await rateRows(report)));
  const section = `${parts.join("\n")}\n`;
  await writeSection(HEADING, section);
  return section;
}

const INTRODUCTION = `Share of labelled defect episodes found (POD) when each method's threshold is set so that its false alerts per series and year stay under
the bound; then what the method's own alarms do, bold ones under false-discovery control at ${DEFAULT_OPTIONS.falseDiscoveryRate}. FDP = share of false alerts among all
in the scored year; control keeps its promise only with valid p-values, which naive-rate hasn't. Standard error of a POD: about 0.045
(daily), 0.07 (cohort). \`npm run bench -- detection\` writes this section; figures without bold are the benchmark's own references,
\`oracle\` is told the true baseline: the ceiling.`;

const TABLE_HEAD = [
  "| method | POD at ≤ 0.1 | ≤ 0.25 | ≤ 0.5 | ≤ 1 | saved at ≤ 0.25 | own alarms: false per series-year | FDP | POD | days over the upper 95 % bound | CPU s per 1,000 series |",
  "|---|---|---|---|---|---|---|---|---|---|---|",
];

/** 1 = no control, as before there was any. */
const RATES = [1, 0.5, 0.25, 0.2, 0.15, 0.1, 0.05];

const RATES_INTRODUCTION = `Own alarms of ${DEFAULT_DETECTOR.name} that are left when a day alarms only with a q-value at most the rate (family: all series of the
day; 1 = no control, alarms by each series' budget alone). The q-values come from e-values, which hold under any dependence and are
conservative: far fewer alerts are false than the rate allows. Chosen is ${DEFAULT_OPTIONS.falseDiscoveryRate}: 0.25 finds no more episodes, smaller rates find fewer and
bring the share of false alerts hardly further down. The cost grows with the number of series (300 daily, 100 cohort): in a small shop
the budget decides, in a large one the rate.`;

async function rateRows(report: (line: string) => void): Promise<string[]> {
  const cells = RATES.map((rate) => [rate === DEFAULT_OPTIONS.falseDiscoveryRate ? `**${rate}**` : String(rate)]);
  for (const dataSet of DATA_SETS) {
    const scores = await scoreRates(DEFAULT_DETECTOR, dataSet, RATES);
    for (const [row, own] of scores.entries()) {
      const found = [own.false_alerts_per_series_year, own.fdp_alerts, own.pod, own.saved];
      cells[row]!.push(...found.map((value) => value.toFixed(3)));
      report(`${dataSet}, false-discovery rate ${RATES[row]}: ${found.join(", ")}`);
    }
  }
  const head = DATA_SETS.flatMap((name) =>
    ["false per series-year", "FDP", "POD", "saved"].map((of) => `${name}: ${of}`),
  );
  return [
    `| rate | ${head.join(" | ")} |`,
    `|${"---|".repeat(head.length + 1)}`,
    ...cells.map((row) => `| ${row.join(" | ")} |`),
  ];
}

function line(name: string, score: Score): string {
  const matched = LOADS.map((load) => figure(score.matched?.[load]?.pod));
  const own: Rates = score.own;
  const over = score.calibration?.exceed_upper_rate;
  const cells = [
    name,
    ...matched,
    figure(score.matched?.["fa<=0.25"]?.saved),
    figure(own.false_alerts_per_series_year),
    figure(own.fdp_alerts),
    figure(own.pod),
    over === null || over === undefined ? "–" : `${(100 * over).toFixed(2)} %`,
    score.cpu_s_per_1000_series === undefined ? "–" : score.cpu_s_per_1000_series.toFixed(1),
  ];
  return `| ${cells.join(" | ")} |`;
}

const figure = (value: number | undefined | null): string =>
  value === undefined || value === null ? "–" : value.toFixed(value >= 10 ? 1 : 2);
