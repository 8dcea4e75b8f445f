// What a run should say aloud: a feed that gave far fewer rows than it used to, columns that are new or gone, rows nobody can
// account for.
import { normaliseHeader } from "../load/header-binding.ts";
import type { EntityLoad, FeedHeader, FeedLoad, FileLoad, PipelineRun, RunNotice } from "./run-record.ts";
import { rowsTold } from "./run-record.ts";

/** A load is compared with this many before it; fewer than `LEAST_LOADS` say nothing: the first one often holds years. */
const COMPARED_LOADS = 10;
const LEAST_LOADS = 3;
/** Below this, half as many is chance. */
const LEAST_ROWS = 20;
const DROP = 0.5;
/** A column that stood in each of the last headers is missed. */
const COMPARED_HEADERS = 5;

export interface NewLoads {
  readonly files: readonly FileLoad[];
  readonly entities: readonly EntityLoad[];
  readonly feeds: readonly FeedLoad[];
  readonly headers: readonly FeedHeader[];
}

/** @param published earlier runs that published, oldest first */
export function findNotices(loads: NewLoads, published: readonly PipelineRun[]): RunNotice[] {
  return [
    ...unaccounted(loads),
    ...loads.feeds.flatMap((feed) => volumeDrop(feed, published)),
    ...columnChanges(loads.headers, published),
  ];
}

function unaccounted({ files, entities }: NewLoads): RunNotice[] {
  const tallies = [
    ...files.map((file) => ({ where: file.path, tally: file })),
    ...entities.map((entity) => ({ where: `${entity.system} ${entity.entity}`, tally: entity })),
  ];
  return tallies.flatMap(({ where, tally }): RunNotice[] => {
    const told = rowsTold(tally);
    return told === tally.rowsIn ? [] : [{ kind: "unaccounted", where, rowsIn: tally.rowsIn, told }];
  });
}

interface FeedName {
  readonly system: string;
  readonly feed: string;
}

const isSame = (left: FeedName) => (right: FeedName) => left.system === right.system && left.feed === right.feed;

function volumeDrop(feed: FeedLoad, published: readonly PipelineRun[]): RunNotice[] {
  const earlier = published.flatMap((run) => run.feeds?.filter(isSame(feed)) ?? []).slice(-COMPARED_LOADS);
  if (earlier.length < LEAST_LOADS) return [];
  const median = medianOf(earlier.map((load) => load.rows));
  if (median < LEAST_ROWS || feed.rows >= median * DROP) return [];
  const { system, rows } = feed;
  return [{ kind: "volume_drop", system, feed: feed.feed, rows, median, loads: earlier.length }];
}

export function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

function columnChanges(headers: readonly FeedHeader[], published: readonly PipelineRun[]): RunNotice[] {
  return headers.flatMap((header): RunNotice[] => {
    const earlier = published.flatMap((run) => run.headers?.filter(isSame(header)) ?? []);
    if (!header.isFresh || earlier.length === 0) return [];
    const { system, feed, path } = header;
    const known = new Set(earlier.flatMap((each) => each.columns.map(normaliseHeader)));
    const added = header.columns.filter((column) => !known.has(normaliseHeader(column)));
    const here = new Set(header.columns.map(normaliseHeader));
    const gone = alwaysThere(earlier.slice(-COMPARED_HEADERS)).filter((column) => !here.has(normaliseHeader(column)));
    return [
      ...(added.length > 0 ? [{ kind: "new_columns", system, feed, columns: added, path } as const] : []),
      ...(gone.length > 0 ? [{ kind: "missing_columns", system, feed, columns: gone, path } as const] : []),
    ];
  });
}

/** As the newest of them writes them. */
function alwaysThere(headers: readonly FeedHeader[]): string[] {
  const all = headers.map((header) => new Set(header.columns.map(normaliseHeader)));
  const newest = headers.at(-1)?.columns ?? [];
  return newest.filter((column) => all.every((columns) => columns.has(normaliseHeader(column))));
}

export function describeNotice(notice: RunNotice): string {
  switch (notice.kind) {
    case "volume_drop":
      return (
        `${notice.system} ${notice.feed}: only ${notice.rows} rows; the median of the ${notice.loads} loads before is ` +
        `${notice.median}. Is the export whole?`
      );
    case "new_columns":
      return `${notice.path} has columns that no ${notice.system} ${notice.feed} file had before: ${list(notice.columns)}`;
    case "missing_columns":
      return `${notice.path} lacks columns that ${notice.system} ${notice.feed} files always had: ${list(notice.columns)}`;
    default:
      return (
        `${notice.where}: ${notice.rowsIn} rows in, but ${notice.told} accounted for. ` +
        "This is a defect of the pipeline: please report it."
      );
  }
}

const LONGEST_LIST = 10;

function list(columns: readonly string[]): string {
  const more = columns.length > LONGEST_LIST ? ` and ${columns.length - LONGEST_LIST} more` : "";
  return columns.slice(0, LONGEST_LIST).join(", ") + more;
}
