// Shows the progress of a run: JSON lines for machines; text lines; and below them, on a terminal, one line that is rewritten
// with stage, share done, rows a second and time left.
import type { Progress, Report, Stage, StageProgress } from "./progress.ts";
import { displayWidth } from "../runs/text-table.ts";

export interface Terminal {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface ReporterOptions {
  readonly out: Terminal;
  /** One JSON object a line, nothing else. */
  readonly isJson: boolean;
  /** Also the lines of single files. */
  readonly isVerbose: boolean;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

export interface Reporter {
  readonly report: Report;
  /** Takes the rewritten line away; call it before anything else is printed, and at the end. */
  readonly close: () => void;
}

export function createReporter(options: ReporterOptions): Reporter {
  if (options.isJson) return jsonReporter(options.out);
  return textReporter(options);
}

function jsonReporter(out: Terminal): Reporter {
  return {
    report: (progress) => void out.write(`${JSON.stringify({ at: new Date().toISOString(), ...progress })}\n`),
    close: () => undefined,
  };
}

const REDRAW_MS = 500;

/** `  1.2 s  load     shopify: 3 files → orders 4000 rows in 0.4 s` */
function textReporter({ out, isVerbose, now = () => performance.now() }: ReporterOptions): Reporter {
  const start = now();
  const isLive = out.isTTY === true && process.env.TERM !== "dumb";
  const line = new LiveLine(out, now);
  // Between two events of a long query the clock goes on.
  const timer = isLive ? setInterval(() => line.draw(), REDRAW_MS).unref() : undefined;
  return {
    report(progress) {
      if (!progress.isTick && (!progress.isDetail || isVerbose)) {
        const seconds = ((now() - start) / 1000).toFixed(1).padStart(5);
        line.clear();
        out.write(`${seconds} s  ${progress.stage.padEnd(8)} ${progress.message}\n`);
      }
      if (isLive) line.show(progress);
    },
    close() {
      clearInterval(timer);
      line.end();
    },
  };
}

/** The line at the bottom of a terminal. */
class LiveLine {
  readonly #out: Terminal;
  readonly #now: () => number;
  #current: { stage: Stage; since: number; from: StageProgress; latest: StageProgress; message: string } | undefined;
  #isDrawn = false;

  constructor(out: Terminal, now: () => number) {
    this.#out = out;
    this.#now = now;
  }

  show({ stage, progress, message, isTick }: Progress): void {
    if (progress) {
      const isNew = this.#current?.stage !== stage || progress.done < this.#current.latest.done;
      const begun = isNew || !this.#current ? { stage, since: this.#now(), from: progress } : this.#current;
      this.#current = { ...begun, latest: progress, message: isTick ? message : "" };
    } else if (stage !== "warning" && stage !== this.#current?.stage) this.#current = undefined;
    this.draw();
  }

  draw(): void {
    if (!this.#current) return;
    const { stage, since, from, latest, message } = this.#current;
    const text = progressText({ stage, from, latest, seconds: (this.#now() - since) / 1000, message });
    this.#out.write(`\r${fit(text, (this.#out.columns ?? 80) - 1)}\u001B[K`);
    this.#isDrawn = true;
  }

  clear(): void {
    if (this.#isDrawn) this.#out.write("\r\u001B[K");
    this.#isDrawn = false;
  }

  end(): void {
    this.clear();
    this.#current = undefined;
  }
}

/** A line that wraps cannot be rewritten. */
function fit(text: string, columns: number): string {
  let left = columns;
  let kept = "";
  for (const character of text) {
    left -= displayWidth(character);
    if (left < 0) break;
    kept += character;
  }
  return kept;
}

interface StageSoFar {
  readonly stage: Stage;
  /** What was done when the stage was first seen. */
  readonly from: StageProgress;
  readonly latest: StageProgress;
  readonly seconds: number;
  readonly message?: string;
}

/** An estimate from less than this swings too much to be shown. */
const ENOUGH_SECONDS = 1;
const ENOUGH_SHARE = 0.02;

/** `load      43 %  182,000 rows/s  12 s left  shopify/orders.csv` */
export function progressText({ stage, from, latest, seconds, message }: StageSoFar): string {
  const parts: string[] = [];
  const share = latest.total > 0 ? Math.min(1, latest.done / latest.total) : undefined;
  if (share !== undefined) parts.push(`${String(Math.floor(share * 100)).padStart(3)} %`);
  const rows = (latest.rows ?? 0) - (from.rows ?? 0);
  if (rows > 0 && seconds >= ENOUGH_SECONDS) parts.push(`${Math.round(rows / seconds).toLocaleString("en-US")} rows/s`);
  const gained = latest.done - from.done;
  if (share !== undefined && share < 1 && seconds >= ENOUGH_SECONDS && gained >= latest.total * ENOUGH_SHARE) {
    parts.push(`${duration((seconds / gained) * (latest.total - latest.done))} left`);
  } else parts.push(duration(seconds));
  if (message) parts.push(message);
  return `${stage.padEnd(8)} ${parts.join("  ")}`;
}

/** `9 s`, `3 min 20 s`, `2 h 5 min` */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
