// Follows the inbox while the server runs: new, changed and removed files start a pipeline run, one at a time. It looks by listing
// the folder, for network drives and containers do not tell of changes.
import { describeSummary } from "../../etl/runs/describe-summary.ts";
import { listFolder } from "../../etl/files/inbox-files.ts";
import type { Progress, Stage, StageProgress } from "../../etl/progress/progress.ts";
import { inboxSignature } from "../../etl/runs/inbox-signature.ts";
import type { DataDirectory } from "../../shared/data-directory.ts";
import { messageOf } from "../../shared/errors.ts";
import { Calm, type Patience } from "./calm.ts";
import { describeChanges } from "./describe-changes.ts";
import { describeLastRun, RunLogReader, type LastRun } from "./last-run.ts";
import { lookAtInbox, type SeenFile } from "./look.ts";
import { PipelineChild, type ChildEnd } from "./pipeline-child.ts";

export interface WatchOptions extends Partial<Patience> {
  readonly data: DataDirectory;
  /** Absolute path. */
  readonly inbox: string;
  readonly print: (line: string) => void;
  readonly warn: (line: string) => void;
  /** How often to look at the inbox, at least; a large one is looked at less often. */
  readonly lookMs?: number;
}

/** What `GET /api/status` says of the pipeline. */
export interface PipelineStatus {
  /** `failed`: the last run failed, or the inbox cannot be listed; `message` says why, and the served version is unchanged. */
  readonly state: "idle" | "running" | "failed";
  /** Of the run under way. ISO 8601 with Z. */
  readonly startedAt: string | null;
  readonly stage: Stage | null;
  readonly message: string | null;
  readonly progress: StageProgress | null;
  readonly lastRun: LastRun | null;
}

const LOOK_MS = 2000;
/** While files are arriving. */
const CLOSE_LOOK_MS = 1000;
/** Looking shall take no more than a twentieth of the time, but a change is never seen later than this. */
const LOOKING_SHARE = 20;
const LONGEST_PAUSE_MS = 10_000;
const QUIET_MS = 3000;
const LONGEST_HOLD_MS = 5 * 60_000;

type Running = Pick<PipelineStatus, "startedAt" | "stage" | "message" | "progress">;

export class InboxWatch {
  readonly #options: WatchOptions;
  readonly #log: RunLogReader;
  readonly #calm: Calm;
  #files: readonly SeenFile[] | undefined;
  #child: PipelineChild | undefined;
  #running: Running | undefined;
  #lastRun: LastRun | undefined;
  #listError: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #runs: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#log = new RunLogReader(options.data);
    const { quietMs = QUIET_MS, longestMs = LONGEST_HOLD_MS } = options;
    this.#calm = new Calm({ quietMs, longestMs });
    void this.#look();
  }

  get status(): PipelineStatus {
    const lastRun = this.#lastRun ?? null;
    const none = { startedAt: null, stage: null, message: null, progress: null };
    if (this.#running) return { state: "running", ...this.#running, lastRun };
    if (this.#listError) return { state: "failed", ...none, message: this.#listError, lastRun };
    if (lastRun?.outcome === "failed" || lastRun?.outcome === "killed") {
      return { state: "failed", ...none, message: lastRun.error ?? "The last run was killed.", lastRun };
    }
    return { state: "idle", ...none, lastRun };
  }

  /** Stops looking, and ends a run that is under way. */
  async close(): Promise<void> {
    // A look under way, perhaps at a drive that does not answer, starts nothing any more.
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#child?.stop();
    await this.#runs;
  }

  async #look(): Promise<void> {
    const began = performance.now();
    try {
      await this.#follow();
    } catch (error) {
      const message = `The watched inbox: ${messageOf(error)}`;
      if (message !== this.#listError) this.#options.warn(`${message} Looking again until it is back.`);
      this.#listError = message;
    }
    if (this.#isClosed) return;
    const { lookMs = LOOK_MS } = this.#options;
    const often = this.#calm.isPending && !this.#child ? Math.min(lookMs, CLOSE_LOOK_MS) : lookMs;
    const pause = Math.min(LONGEST_PAUSE_MS, (performance.now() - began) * LOOKING_SHARE);
    this.#timer = setTimeout(() => void this.#look(), Math.max(often, pause));
    this.#timer.unref();
  }

  async #follow(): Promise<void> {
    if (!this.#child) await this.#readLog();
    const files = await lookAtInbox(this.#options.inbox);
    this.#listError = undefined;
    const signature = inboxSignature(files);
    const isCalm = this.#calm.look(signature, performance.now());
    if (!this.#calm.isPending) this.#files = files;
    if (!isCalm || this.#child) return;
    this.#calm.handled(signature);
    const changes = describeChanges(this.#files, files);
    this.#files = files;
    if ((await this.#isRead()) || this.#isClosed) return;
    this.#options.print(`Inbox: ${changes}. Running the pipeline ...`);
    this.#runs = this.#run();
  }

  /** Runs that others started count as well: one of them may have mended what failed here. */
  async #readLog(): Promise<void> {
    const last = await this.#log.lastRun();
    if (last && last.startedAt > (this.#lastRun?.startedAt ?? "")) this.#lastRun = describeLastRun(last);
  }

  /** Whether the last run, whoever started it, found the inbox as it is now; well or badly, it is not tried again. */
  async #isRead(): Promise<boolean> {
    const { inbox } = this.#options;
    const last = await this.#log.lastRun();
    const isOver = last?.outcome === "published" || last?.outcome === "unchanged" || last?.outcome === "failed";
    if (!isOver || last.inbox !== inbox || last.inboxSignature === undefined) return false;
    return last.inboxSignature === inboxSignature((await listFolder(inbox)).files);
  }

  async #run(): Promise<void> {
    const { inbox, data, print, warn } = this.#options;
    const startedAt = new Date().toISOString();
    this.#running = { startedAt, stage: null, message: null, progress: null };
    this.#child = new PipelineChild({
      inbox,
      dataRoot: data.root,
      onProgress: (progress) => this.#progress(progress),
    });
    const end = await this.#child.ended;
    const seconds = (Date.now() - Date.parse(startedAt)) / 1000;
    this.#lastRun = await this.#outcome(end, startedAt);
    this.#child = undefined;
    this.#running = undefined;
    if (end.status === "failed") {
      if (!this.#isClosed)
        warn(`Pipeline failed; the served version is unchanged, and the next change is tried again.\n${end.error}`);
      return;
    }
    const what = end.status === "published" ? "published version" : "nothing new, served is version";
    print(`Pipeline: ${what} ${end.versionName} (${seconds.toFixed(1)} s)`);
    if (end.summary)
      print(`  ${describeSummary(end.summary, "")[0]?.replace(/:$/, ".")} More: npm run pipeline -- --report`);
    for (const notice of this.#lastRun.notices) warn(`  ${notice}`);
  }

  #progress({ stage, message, progress, isTick }: Progress): void {
    if (!this.#running || stage === "warning") return;
    const told = isTick || message === "" ? this.#running.message : message;
    this.#running = { ...this.#running, stage, message: told, progress: progress ?? null };
  }

  /** As the run log has it; as the child told it where it got no further than that. */
  async #outcome(end: ChildEnd, startedAt: string): Promise<LastRun> {
    const logged = await this.#log.lastRun().catch(() => undefined);
    const error = end.status === "failed" ? end.error : null;
    if (logged && logged.startedAt >= startedAt) return { ...describeLastRun(logged), error: logged.error ?? error };
    const outcome = end.status === "failed" && this.#isClosed ? "stopped" : end.status;
    const versionName = end.status === "failed" ? null : end.versionName;
    return { outcome, startedAt, finishedAt: new Date().toISOString(), versionName, error, notices: [] };
  }
}
