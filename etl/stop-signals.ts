// How a command ends when it is asked to: cleanly on the first signal, at once on a later one.

// Not SIGHUP: a handler would undo nohup.
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

export type StopSignal = keyof typeof SIGNALS;

/** Ctrl-C reaches a process twice when its parent passes the signal on as well: that is one wish, not two. */
const SAME_WISH_MS = 1000;

/** Calls `stop` once, on the first signal; the exit code is set to what shells expect. */
export function onStopSignal(stop: (signal: StopSignal) => void): void {
  let askedAt: number | undefined;
  for (const signal of Object.keys(SIGNALS) as StopSignal[]) {
    process.on(signal, () => {
      const now = performance.now();
      if (askedAt !== undefined) {
        if (now - askedAt > SAME_WISH_MS) process.exit(SIGNALS[signal]);
        return;
      }
      askedAt = now;
      process.exitCode = SIGNALS[signal];
      stop(signal);
    });
  }
}

/** Calls `stop` when the process that started this one, with a channel to it, has gone. */
export function onParentGone(stop: () => void): void {
  if (!process.channel) return;
  process.once("disconnect", stop);
  // It alone is no reason to live on.
  process.channel.unref();
}
