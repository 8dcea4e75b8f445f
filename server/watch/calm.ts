// Decides when a changed inbox is to be read: when nothing in it has changed for a moment, for a file that still grows is not whole.

export interface Patience {
  /** How long nothing may change before a run. */
  readonly quietMs: number;
  /** Files that never stop changing hold a run back no longer than this. */
  readonly longestMs: number;
}

export class Calm {
  readonly #patience: Patience;
  /** What has been read. */
  #handled: string | undefined;
  #seen: string | undefined;
  #changedAt = 0;
  #pendingSince: number | undefined;

  constructor(patience: Patience) {
    this.#patience = patience;
  }

  get isPending(): boolean {
    return this.#pendingSince !== undefined;
  }

  /** Takes in what a look at the inbox found; true when it is to be read now. */
  look(signature: string, now: number): boolean {
    if (signature !== this.#seen) this.#changedAt = now;
    this.#seen = signature;
    if (signature === this.#handled) {
      this.#pendingSince = undefined;
      return false;
    }
    this.#pendingSince ??= now;
    return now - this.#changedAt >= this.#patience.quietMs || now - this.#pendingSince >= this.#patience.longestMs;
  }

  /** A run has read, or begins to read, what this signature stands for; well or badly, it is not tried again. */
  handled(signature: string): void {
    this.#handled = signature;
    this.#pendingSince = undefined;
  }
}
