// The benchmark's figures as a section of docs/benchmarks.md; other sections are left alone.
import { DETECTORS } from "../../detection/detectors.ts";
import { DATA_SETS, readAnchors, scoreDetector, type DataSet, type Rates, type Score } from "./benchmark.ts";
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
  const section = `${parts.join("\n")}\n`;
  await writeSection(HEADING, section);
  return section;
}

const INTRODUCTION = `Share of labelled defect episodes found (POD) when each method's threshold is set so that its false alerts per series and year stay under
the bound; then what the method's own alarms do. Standard error of a POD: about 0.045 (daily), 0.07 (cohort). \`npm run bench -- detection\`
writes this section; figures without bold are the benchmark's own references, \`oracle\` is told the true baseline: the ceiling.`;

const TABLE_HEAD = [
  "| method | POD at ≤ 0.1 | ≤ 0.25 | ≤ 0.5 | ≤ 1 | saved at ≤ 0.25 | own alarms: false per series-year | POD | days over the upper 95 % bound | CPU s per 1,000 series |",
  "|---|---|---|---|---|---|---|---|---|---|",
];

function line(name: string, score: Score): string {
  const matched = LOADS.map((load) => figure(score.matched?.[load]?.pod));
  const own: Rates = score.own;
  const over = score.calibration?.exceed_upper_rate;
  const cells = [
    name,
    ...matched,
    figure(score.matched?.["fa<=0.25"]?.saved),
    figure(own.false_alerts_per_series_year),
    figure(own.pod),
    over === null || over === undefined ? "–" : `${(100 * over).toFixed(2)} %`,
    score.cpu_s_per_1000_series === undefined ? "–" : score.cpu_s_per_1000_series.toFixed(1),
  ];
  return `| ${cells.join(" | ")} |`;
}

const figure = (value: number | undefined | null): string =>
  value === undefined || value === null ? "–" : value.toFixed(value >= 10 ? 1 : 2);
