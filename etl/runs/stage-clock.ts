// How long each stage of a run took, from what the stages tell.
import type { Progress } from "../progress/progress.ts";

export class StageClock {
  readonly #seconds: Record<string, number> = {};
  readonly #now: () => number;
  #since: number;
  #stage: string | undefined;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#since = now();
  }

  /** From here on time is this stage's. */
  enter(stage: string): void {
    this.#book(this.#stage ?? stage);
    this.#stage = stage;
  }

  /** Messages tell what has been done, so the time before one is its stage's, unless it says that the stage begins. */
  tell({ stage, progress }: Progress): void {
    if (stage === "warning") return;
    if (stage !== this.#stage && progress?.done === 0) this.enter(stage);
    else {
      this.#book(stage);
      this.#stage = stage;
    }
  }

  /** Seconds by stage, to a millisecond, in the order they began. */
  stop(): Record<string, number> {
    if (this.#stage) this.#book(this.#stage);
    return Object.fromEntries(
      Object.entries(this.#seconds).map(([stage, seconds]) => [stage, Math.round(seconds * 1000) / 1000]),
    );
  }

  #book(stage: string): void {
    const now = this.#now();
    this.#seconds[stage] = (this.#seconds[stage] ?? 0) + (now - this.#since) / 1000;
    this.#since = now;
  }
}
