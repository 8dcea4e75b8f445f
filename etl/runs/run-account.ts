// Keeps account of one run: its stages, its files, what became of their rows, how it ended. Used under the pipeline's lock:
//
//     const account = await startRun(data, { inbox, trigger, report });
//     account.listed(extract.all);              // as soon as the inbox is listed
//     account.addFile(load); account.addEntity(load);
//     await account.finish({ outcome: "published", versionName });   // or: await account.fail(error)
//
// `account.report` stands in for `report`: it measures the stages.
import type { DataDirectory } from "../../shared/data-directory.ts";
import { messageOf } from "../../shared/errors.ts";
import type { InboxFile } from "../files/inbox-files.ts";
import type { Report, Stage } from "../progress/progress.ts";
import { findNotices } from "./find-notices.ts";
import { inboxSignature } from "./inbox-signature.ts";
import { describeFiles, toStored } from "./file-headers.ts";
import { boundRunLog, readFileLoads, readRuns, writeFileLoads, writeRun } from "./run-log.ts";
import { addTallies, type EntityLoad, type FileLoad, type PipelineRun, type RunTrigger } from "./run-record.ts";
import { StageClock } from "./stage-clock.ts";

export interface RunStart {
  readonly inbox: string;
  readonly trigger: RunTrigger;
  readonly report: Report;
  readonly now?: () => Date;
}

export interface RunEnd {
  readonly outcome: "published" | "unchanged";
  readonly versionName: string;
}

/** Notices a bad year of exports could fill a record with. */
const MAX_NOTICES = 100;
const LONGEST_ERROR = 4000;

/** Writes that the run has begun: whatever happens to it now, it is known. */
export async function startRun(data: DataDirectory, start: RunStart): Promise<RunAccount> {
  const { inbox, trigger, report, now = () => new Date() } = start;
  await boundRunLog(data);
  const last = (await readRuns(data)).at(-1);
  const startedAt = now();
  const run: PipelineRun = {
    runId: idAfter(last?.runId, startedAt),
    startedAt: startedAt.toISOString(),
    pid: process.pid,
    trigger,
    outcome: "running",
    inbox,
  };
  await writeRun(data, run);
  return new RunAccount(data, run, report, now);
}

/** The log may come from a machine whose clock was ahead. */
function idAfter(last: string | undefined, now: Date): string {
  const id = now.toISOString().replaceAll(/[-:.]/g, "");
  if (last === undefined || id > last) return id;
  const [, year, month, day, hour, minute, second, ms] = /^(.{4})(..)(..)T(..)(..)(..)(...)Z$/.exec(last) ?? [];
  const next = new Date(Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`) + 1);
  return next.toISOString().replaceAll(/[-:.]/g, "");
}

export class RunAccount {
  readonly #data: DataDirectory;
  readonly #start: PipelineRun;
  readonly #now: () => Date;
  readonly #clock: StageClock;
  readonly #report: Report;
  readonly #files: FileLoad[] = [];
  readonly #entities: EntityLoad[] = [];
  #listed: readonly InboxFile[] | undefined;
  #isOver = false;
  readonly report: Report;

  constructor(data: DataDirectory, start: PipelineRun, report: Report, now: () => Date) {
    this.#data = data;
    this.#start = start;
    this.#now = now;
    this.#report = report;
    this.#clock = new StageClock();
    this.report = (progress) => {
      this.#clock.tell(progress);
      report(progress);
    };
  }

  get runId(): string {
    return this.#start.runId;
  }

  /** The whole inbox, read in this run or not. */
  listed(files: readonly InboxFile[]): void {
    this.#listed = files;
  }

  /** The stage that begins now. Without it a stage is taken to last until its last message. */
  enter(stage: Exclude<Stage, "warning">): void {
    this.#clock.enter(stage);
  }

  /** One of the files this run opened, or left out for a reason; those that earlier runs loaded are not told again. */
  addFile(load: FileLoad): void {
    this.#files.push(load);
  }

  addEntity(load: EntityLoad): void {
    this.#entities.push(load);
  }

  /** Writes the record; returns it with the notices found. A disk too full for it is told, for the run itself went well. */
  async finish(end: RunEnd): Promise<PipelineRun> {
    return this.#end({ ...end });
  }

  /** The same for a run that ends with an error. Never throws, for the error is to be told, not one on top of it. */
  async fail(error: unknown, isStopped = false): Promise<PipelineRun> {
    const message = withoutAddresses(messageOf(error)).slice(0, LONGEST_ERROR);
    return this.#end({ outcome: isStopped ? "stopped" : "failed", error: message });
  }

  async #end(end: Pick<PipelineRun, "outcome" | "versionName" | "error">): Promise<PipelineRun> {
    if (this.#isOver) throw new TypeError(`the run ${this.runId} is over already`);
    this.#isOver = true;
    const finishedAt = this.#now();
    const run: PipelineRun = {
      ...this.#start,
      ...end,
      finishedAt: finishedAt.toISOString(),
      seconds: Math.max(0, finishedAt.getTime() - Date.parse(this.#start.startedAt)) / 1000,
      stages: this.#clock.stop(),
      ...(this.#listed && { inboxSignature: inboxSignature(this.#listed) }),
      files: this.#countFiles(),
    };
    try {
      return await this.#write(run);
    } catch (error) {
      this.#report({ stage: "warning", message: `this run could not be entered in the run log: ${messageOf(error)}` });
      return run;
    }
  }

  async #write(run: PipelineRun): Promise<PipelineRun> {
    if (this.#files.length + this.#entities.length === 0) {
      await writeRun(this.#data, run);
      return run;
    }
    const runs = (await readRuns(this.#data)).filter((each) => each.outcome === "published");
    const { feeds, headers } = describeFiles(this.#files, runs, await readFileLoads(this.#data));
    const loads = { files: this.#files, entities: this.#entities, feeds, headers };
    const whole: PipelineRun = {
      ...run,
      rows: addTallies(this.#files),
      entities: this.#entities,
      feeds,
      headers,
      notices: findNotices(loads, runs).slice(0, MAX_NOTICES),
    };
    // First the files: a run whose end is written has all of them.
    await writeFileLoads(this.#data, toStored(run.runId, this.#files, headers));
    await writeRun(this.#data, whole);
    return whole;
  }

  #countFiles(): NonNullable<PipelineRun["files"]> {
    const paths = (status: FileLoad["status"]) =>
      new Set(this.#files.filter((file) => file.status === status).map((file) => file.path)).size;
    return {
      listed: this.#listed?.length ?? 0,
      loaded: paths("loaded"),
      refused: paths("refused"),
      ignored: paths("ignored"),
    };
  }
}

/** Messages may quote a row, and this file stays when a person is forgotten. */
export function withoutAddresses(text: string): string {
  return text.replaceAll(/[^\s"'<>(),;:=]+@[^\s"'<>(),;:=]+/g, "…@…");
}
