// `pipeline --report`: one run as lines for the terminal.
import { describeNotice } from "./find-notices.ts";
import { NO_ROWS, type PipelineRun, type RowTally, type StoredFileLoad } from "./run-record.ts";
import { textTable } from "./text-table.ts";

const LONGEST_TABLE = 40;
const ROW_HEAD = ["rows in", "new", "updated", "unchanged", "quarantined", "ignored"];

/** @param isVerbose all files, also when they are many */
export function describeRun(run: PipelineRun, files: readonly StoredFileLoad[], isVerbose: boolean): string[] {
  return [
    ...headLines(run),
    ...section("", fileTable(files, run.rows ?? NO_ROWS, isVerbose)),
    ...section(
      "",
      (run.entities ?? []).length === 0
        ? []
        : textTable(
            ["system", "entity", ...ROW_HEAD],
            (run.entities ?? []).map((load) => [load.system, load.entity, ...rowCells(load)]),
          ),
    ),
    ...section("Why rows were quarantined or ignored:", reasonLines(run, files)),
    ...section("Files not loaded:", leftOutLines(files, isVerbose)),
    ...section("Look at this:", (run.notices ?? []).map(describeNotice)),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return title ? ["", title, ...lines.map((line) => `  ${line}`)] : ["", ...lines];
}

const ENDINGS: Record<PipelineRun["outcome"], string> = {
  published: "published version",
  unchanged: "nothing to do, served is version",
  running: "is running",
  failed: "failed, nothing was published",
  stopped: "was stopped, nothing was published",
  killed: "was killed before its end: the version served before stayed",
};

function headLines(run: PipelineRun): string[] {
  const { files, stages = {}, seconds } = run;
  const took = Object.entries(stages).map(([stage, each]) => `${stage} ${each.toFixed(1)}`);
  const detail = took.length > 0 ? ` (${took.join(", ")})` : "";
  return [
    `Run ${run.runId}: ${[ENDINGS[run.outcome], run.versionName].filter(Boolean).join(" ")}`,
    `  started ${run.startedAt} by ${TRIGGERS[run.trigger]}${seconds === undefined ? "" : `, ${seconds.toFixed(1)} s${detail}`}`,
    `  inbox ${run.inbox}${files && files.listed > 0 ? `: ${filesText(files, run.outcome)}` : ""}`,
    ...(run.error && run.outcome !== "stopped" ? [`  error: ${run.error.split("\n").join("\n    ")}`] : []),
  ];
}

const TRIGGERS: Record<PipelineRun["trigger"], string> = {
  command: "the command",
  start: "npm start",
  watch: "a change in the watched inbox",
};

function filesText(
  { listed, loaded, refused, ignored }: NonNullable<PipelineRun["files"]>,
  outcome: PipelineRun["outcome"],
): string {
  const others = listed - loaded - refused - ignored;
  const told = [`${loaded} loaded`, `${refused} refused`, `${ignored} ignored`];
  return `${listed} files, ${[...told, ...(others > 0 ? [`${others} ${outcome === "published" ? "not read again" : "not read"}`] : [])].join(", ")}`;
}

function rowCells(tally: RowTally): number[] {
  const { rowsIn, accepted, updated, unchanged, quarantined, ignored } = tally;
  return [rowsIn, accepted, updated, unchanged, quarantined, ignored];
}

function fileTable(files: readonly StoredFileLoad[], total: RowTally, isVerbose: boolean): string[] {
  const loaded = files.filter((file) => file.status === "loaded");
  if (loaded.length === 0) return [];
  // What needs a look first, then as in the inbox.
  const sorted = loaded.toSorted(
    (left, right) => troubles(right) - troubles(left) || (left.path < right.path ? -1 : 1),
  );
  const shown = isVerbose ? sorted : sorted.slice(0, LONGEST_TABLE);
  const rows = shown.map((file) => [
    file.path,
    [file.system, file.feed].filter(Boolean).join(" "),
    file.encoding ?? "",
    ...rowCells(file),
  ]);
  const rest = loaded.length - shown.length;
  return [
    ...textTable(["file", "read as", "encoding", ...ROW_HEAD], [...rows, ["all files", "", "", ...rowCells(total)]]),
    ...(rest > 0 ? [`and ${rest} more files (--verbose shows all)`] : []),
  ];
}

const troubles = (file: StoredFileLoad) => file.quarantined + file.ignored;

function reasonLines(run: PipelineRun, files: readonly StoredFileLoad[]): string[] {
  const loads = [
    ...(run.entities ?? []).map((load) => ({ where: `${load.system} ${load.entity}`, reasons: load.reasons })),
    ...files.map((file) => ({ where: file.path, reasons: file.reasons })),
  ];
  const rows = loads.flatMap(({ where, reasons }) =>
    Object.entries(reasons).map(([reason, count]): [string, string, number] => [where, reason, count]),
  );
  if (rows.length === 0) return [];
  return textTable(["in", "reason", "rows"], rows.slice(0, LONGEST_TABLE));
}

function leftOutLines(files: readonly StoredFileLoad[], isVerbose: boolean): string[] {
  const left = files.filter((file) => file.status !== "loaded");
  const shown = isVerbose ? left : left.slice(0, LONGEST_TABLE);
  const rest = left.length - shown.length;
  return [
    ...shown.map(({ path, status, message }) => `${path}: ${status}${message ? `: ${message}` : ""}`),
    ...(rest > 0 ? [`and ${rest} more`] : []),
  ];
}
