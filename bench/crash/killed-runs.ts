// Kills pipeline runs at random moments, with a day's news arriving between some of them, and looks each time whether the served
// version is whole and nothing piles up; in the end the marts must be those of a run that was never disturbed.
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { Random } from "../../etl/demo/random.ts";
import { dataDirectory, type DataDirectory } from "../../shared/data-directory.ts";
import { AppError } from "../../shared/errors.ts";
import { differences, exportMarts } from "./compare-marts.ts";
import { listDataFiles, mustBeTidy, type FoundFile } from "./data-files.ts";
import { SETTINGS, writeDay } from "./day-files.ts";
import {
  inSeconds,
  runPipelineProcess,
  succeed,
  type KillMoment,
  type PipelineProcessResult,
} from "./pipeline-process.ts";

export interface KilledRunsOptions {
  /** Empty; everything is written below it. */
  readonly folder: string;
  readonly kills: number;
  /** The same seed kills at the same shares of a run's duration. */
  readonly seed: number;
  readonly report: (line: string) => void;
  readonly firstDays?: number;
}

export interface KilledRunsResult {
  readonly kills: number;
  /** Runs in between that came to their end: their moment was too late, or they were left in peace. */
  readonly completed: number;
  readonly days: number;
  /** How many runs were killed in each stage. */
  readonly stages: Readonly<Record<string, number>>;
  /** Most files, and bytes, that a killed run left until the next one. */
  readonly mostLeft: { readonly files: number; readonly bytes: number };
  readonly tables: number;
  readonly rows: number;
  readonly seconds: number;
}

const FIRST_DAYS = 10;
const MOST_DAYS = 10_000;
/** Besides the days that arrive whenever all has been read. */
const NEWS_SHARE = 0.3;
/** Of the kills; the rest are spread evenly from a run's first words, when it has its lock, to its end. */
const START_SHARE = 0.1;
/** A run is taken to last as long as the longest of these, and a little more: no moment of it shall be spared. */
const DURATION_OF_LAST = 3;
/** What killed runs leave unread makes the next ones longer: one in peace now and then shows how long they take. */
const MOST_IN_A_ROW = 5;
const LONGEST_SHARE = 1.05;

/** @throws AppError at the first thing that is wrong, with the seed. */
export async function killRuns(options: KilledRunsOptions): Promise<KilledRunsResult> {
  const began = performance.now();
  const trial = new Trial(options);
  try {
    await trial.begin();
    while (trial.result.kills < options.kills) await trial.disturb();
    const compared = await trial.end();
    return { ...trial.result, ...compared, seconds: (performance.now() - began) / 1000 };
  } catch (error) {
    throw new AppError(`Killed runs, seed ${options.seed}: ${error instanceof Error ? error.message : String(error)}`, {
      state: `The data folder is ${path.join(options.folder, "data")}.`,
      cause: error,
    });
  }
}

class Trial {
  readonly #options: KilledRunsOptions;
  readonly #random: Random;
  readonly #inbox: string;
  readonly #data: DataDirectory;
  readonly #days: number[];
  readonly #stages: Record<string, number> = {};
  #kills = 0;
  #killsInARow = 0;
  #completed = 0;
  #arrived = 0;
  /** Names that are there after an undisturbed run. */
  #tidy = new Set<string>();
  /** The last runs that were not killed. */
  #lastRuns: readonly PipelineProcessResult[] = [];
  #isAllRead = true;
  #served = "";
  #mostLeft = { files: 0, bytes: 0 };
  /** When the last run began that removed what others had left. */
  #sweptAt = 0;
  /** Size of each version when it was first seen, for versions never change. */
  readonly #versions = new Map<string, string>();

  constructor(options: KilledRunsOptions) {
    this.#options = options;
    this.#random = new Random(options.seed);
    this.#inbox = path.join(options.folder, "inbox");
    this.#data = dataDirectory(path.join(options.folder, "data"));
    this.#days = arrivalOrder(MOST_DAYS);
  }

  get result(): Pick<KilledRunsResult, "kills" | "completed" | "days" | "stages" | "mostLeft"> {
    return {
      kills: this.#kills,
      completed: this.#completed,
      days: this.#arrived,
      stages: this.#stages,
      mostLeft: this.#mostLeft,
    };
  }

  async begin(): Promise<void> {
    await mkdir(this.#inbox, { recursive: true });
    await writeFile(path.join(this.#inbox, "aftersight.yml"), SETTINGS);
    for (let day = 0; day < (this.#options.firstDays ?? FIRST_DAYS); day += 1) await this.#dayArrives();
    await succeed(runPipelineProcess(this.#inbox, this.#data));
    // Of a second run, for the first one builds everything and writes what is written once.
    await this.#dayArrives();
    const run = await succeed(runPipelineProcess(this.#inbox, this.#data));
    this.#lastRuns = [...this.#lastRuns, run].slice(-DURATION_OF_LAST);
    this.#isAllRead = true;
    await this.#checkServed();
    this.#tidy = new Set((await listDataFiles(this.#data)).map((file) => file.name));
    this.#options.report(`an undisturbed run over a day's news: ${inSeconds(run)}`);
  }

  /** One run more: killed at its moment, or over before it came; after several killed ones, one that is left in peace. */
  async disturb(): Promise<void> {
    if (this.#isAllRead || this.#random.next() < NEWS_SHARE) await this.#dayArrives();
    const startedAt = Date.now();
    const moment = this.#killsInARow < MOST_IN_A_ROW ? this.#nextMoment() : undefined;
    const run = await runPipelineProcess(this.#inbox, this.#data, moment);
    // Before its first words a run has its lock and sweeps.
    if (run.workSeconds > 0) this.#sweptAt = startedAt;
    const before = this.#served;
    const served = await this.#checkServed();
    // Killed, but after it had published.
    this.#isAllRead ||= served !== before;
    const left = await this.#leftovers();
    const what = `${run.isKilled ? `killed in ${run.stage}` : "over"} after ${inSeconds(run)}`;
    this.#options.report(`${what}; served ${served}; ${left.length} files left`);
    if (run.isKilled) this.#killed(run, left);
    else {
      await succeed(Promise.resolve(run));
      this.#completed += 1;
      this.#killsInARow = 0;
      this.#lastRuns = [...this.#lastRuns, run].slice(-DURATION_OF_LAST);
      this.#isAllRead = true;
      mustBeTidy(left);
    }
  }

  #killed({ stage }: PipelineProcessResult, left: readonly FoundFile[]): void {
    this.#mustNotPileUp(left);
    this.#kills += 1;
    this.#killsInARow += 1;
    this.#stages[stage] = (this.#stages[stage] ?? 0) + 1;
    const bytes = left.reduce((sum, file) => sum + file.bytes, 0);
    this.#mostLeft = {
      files: Math.max(this.#mostLeft.files, left.length),
      bytes: Math.max(this.#mostLeft.bytes, bytes),
    };
  }

  /** One run in peace, then the same inbox from scratch: both must give the same marts. */
  async end(): Promise<Pick<KilledRunsResult, "tables" | "rows">> {
    await this.#dayArrives();
    await succeed(runPipelineProcess(this.#inbox, this.#data));
    mustBeTidy(await this.#leftovers());
    const scratch = dataDirectory(path.join(this.#options.folder, "scratch"));
    // The same key, else every customer has another hash.
    await mkdir(scratch.state, { recursive: true });
    await cp(path.join(this.#data.state, "secrets.json"), path.join(scratch.state, "secrets.json"));
    await succeed(runPipelineProcess(this.#inbox, scratch));
    const [disturbed, undisturbed] = [await exportServed(this.#data), await exportServed(scratch)];
    const found = differences(disturbed, undisturbed);
    if (found.length > 0) {
      throw new Error(`the marts are not those of an undisturbed run from scratch:\n${found.join("\n")}`);
    }
    const tables = [...disturbed.values()];
    return { tables: tables.length, rows: tables.reduce((sum, table) => sum + table.rows.length, 0) };
  }

  /** What a killed run leaves is all of its own; the journal of a file that is kept belongs to that file. */
  #mustNotPileUp(left: readonly FoundFile[]): void {
    const old = left.filter(
      (file) => file.modifiedAtMs < this.#sweptAt && !this.#tidy.has(file.name.replace(/\.wal$/, "")),
    );
    if (old.length > 0) throw new Error(`files of earlier runs pile up: ${old.map((file) => file.name).join(", ")}`);
  }

  #nextMoment(): KillMoment {
    const share = this.#random.next();
    const startSeconds = Math.max(...this.#lastRuns.map((run) => run.startSeconds));
    const workSeconds = Math.max(...this.#lastRuns.map((run) => run.workSeconds));
    return share < START_SHARE
      ? { isStarting: true, seconds: (share / START_SHARE) * startSeconds }
      : { isStarting: false, seconds: ((share - START_SHARE) / (1 - START_SHARE)) * LONGEST_SHARE * workSeconds };
  }

  async #dayArrives(): Promise<void> {
    await writeDay(this.#inbox, this.#days[this.#arrived] ?? this.#arrived);
    this.#arrived += 1;
    this.#isAllRead = false;
  }

  /** The version that `current` names opens, every value of it can be read, and it is as it was when it was published. */
  async #checkServed(): Promise<string> {
    const name = await servedName(this.#data);
    const file = path.join(this.#data.published, `${name}.duckdb`);
    const tables = await exportMarts(file);
    if (!tables.has("orders") || tables.get("orders")?.rows.length === 0)
      throw new Error(`version ${name} has no orders`);
    const content = [...tables].map(([table, { sha256 }]) => `${table} ${sha256}`).join("\n");
    const before = this.#versions.get(name);
    if (before !== undefined && before !== content) throw new Error(`version ${name} is not what it was`);
    this.#versions.set(name, content);
    this.#served = name;
    return name;
  }

  async #leftovers(): Promise<FoundFile[]> {
    return (await listDataFiles(this.#data)).filter((file) => !this.#tidy.has(file.name));
  }
}

/** Neighbouring days change places: exports come late, too. */
function arrivalOrder(days: number): number[] {
  const order = Array.from({ length: days }, (_, day) => day);
  for (let day = 3; day + 1 < days; day += 5) [order[day], order[day + 1]] = [day + 1, day];
  return order;
}

async function servedName(data: DataDirectory): Promise<string> {
  return (await readFile(path.join(data.published, "current"), "utf8")).trim();
}

async function exportServed(data: DataDirectory) {
  return exportMarts(path.join(data.published, `${await servedName(data)}.duckdb`));
}
