// Errors a person can act on. Only the commands' main files catch them to print and set the exit code.

export interface AppErrorOptions {
  /** What state is left, in one sentence, e.g. "The served version is unchanged." */
  readonly state?: string;
  /** What the reader can do now. */
  readonly advice?: string;
  readonly cause?: unknown;
}

/** A failure with what failed (message), what state is left and what to do about it. */
export class AppError extends Error {
  readonly state: string | undefined;
  readonly advice: string | undefined;

  constructor(message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.state = options.state;
    this.advice = options.advice;
  }
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What a command prints for an error: one block, no stack unless `debug`. */
export function describeError(error: unknown, debug = false): string {
  const lines = [`Error: ${messageOf(error)}`];
  if (error instanceof AppError) {
    if (error.state) lines.push(`  State: ${error.state}`);
    if (error.advice) lines.push(`  What to do: ${error.advice}`);
  }
  if (debug && error instanceof Error && error.stack) lines.push(error.stack);
  else if (error instanceof Error && error.cause && !debug) lines.push(`  Cause: ${messageOf(error.cause)}`);
  return lines.join("\n");
}

/** True for Node's file-system errors with this code, e.g. `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}
