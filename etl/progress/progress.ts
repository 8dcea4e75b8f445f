// How the stages of a run tell what they do: messages, and how far they are. No words for the terminal in them.

export type Stage = "extract" | "load" | "build" | "detect" | "check" | "publish" | "warning";

export interface Progress {
  readonly stage: Stage;
  readonly message: string;
  /** Figures behind the message, for machines. */
  readonly figures?: Readonly<Record<string, number | string>>;
  /** One of many, e.g. of each file: for those who asked for details. */
  readonly isDetail?: true;
  /** How far the stage is. `done: 0` says that it begins now. */
  readonly progress?: StageProgress;
  /** Nothing happened but `progress`: never a line of its own; `message` says what is being worked on. */
  readonly isTick?: true;
}

export interface StageProgress {
  readonly done: number;
  /** 0 when nobody knows. */
  readonly total: number;
  /** Bytes of input read, or steps such as models built: what the share is a share of. */
  readonly unit: "bytes" | "steps";
  /** Rows the stage has handled so far, for rows a second. */
  readonly rows?: number;
}

export type Report = (progress: Progress) => void;

const TICK_MS = 200;

/**
 * Counts the work of one stage and tells it five times a second at most, so it may be called for every chunk:
 *
 *     const meter = new ProgressMeter(report, "load", { total: bytesOfAllFiles, unit: "bytes" });
 *     meter.working("shopify/orders.csv");
 *     meter.add(chunk.length, rowsInChunk);
 *
 * Compressed files count by the bytes on disk.
 */
export class ProgressMeter {
  readonly #report: Report;
  readonly #stage: Stage;
  readonly #of: Pick<StageProgress, "total" | "unit">;
  readonly #now: () => number;
  #done = 0;
  #rows = 0;
  #message = "";
  #toldAt: number;

  constructor(
    report: Report,
    stage: Stage,
    of: Pick<StageProgress, "total" | "unit">,
    now: () => number = () => performance.now(),
  ) {
    this.#report = report;
    this.#stage = stage;
    this.#of = of;
    this.#now = now;
    this.#toldAt = now();
    this.#tell();
  }

  /** Names what is being worked on; told with the next tick. */
  working(message: string): void {
    this.#message = message;
  }

  add(done: number, rows = 0): void {
    this.#done += done;
    this.#rows += rows;
    const now = this.#now();
    if (now - this.#toldAt < TICK_MS) return;
    this.#toldAt = now;
    this.#tell();
  }

  /** The stage is over: whatever was not counted is done as well. */
  finish(): void {
    this.#done = Math.max(this.#done, this.#of.total);
    this.#tell();
  }

  #tell(): void {
    const progress = { ...this.#of, done: this.#done, ...(this.#rows > 0 && { rows: this.#rows }) };
    this.#report({ stage: this.#stage, message: this.#message, progress, isTick: true });
  }
}
