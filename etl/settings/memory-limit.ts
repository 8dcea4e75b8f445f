// How much memory DuckDB may take in a run; what does not fit spills into the work folder.
import os from "node:os";
import { AppError } from "../../shared/errors.ts";

const SHARE_OF_MEMORY = 0.6;
const LARGEST_DEFAULT = 3 * 2 ** 30;
const SIZE = /^\d+(\.\d+)?\s*(KB|MB|GB|TB|KiB|MiB|GiB|TiB)$/i;

/**
 * AFTERSIGHT_MEMORY_LIMIT (e.g. `2GB`), else 60 % of the machine's (or container's) memory, at most 3 GiB.
 *
 * @throws AppError when the variable is no size.
 */
export function memoryLimit(environment: NodeJS.ProcessEnv = process.env): string {
  const told = environment.AFTERSIGHT_MEMORY_LIMIT?.trim();
  if (!told) return `${Math.floor(defaultBytes(os.totalmem(), process.constrainedMemory()) / 2 ** 20)}MiB`;
  if (SIZE.test(told)) return told;
  throw new AppError(`AFTERSIGHT_MEMORY_LIMIT is "${told}", which is no size.`, {
    state: "Nothing was read; the served version is unchanged.",
    advice: "Write a number and a unit, such as 2GB, or leave it unset.",
  });
}

/** `constrained`: the container's limit in bytes; 0 or beyond the machine's memory where there is none. */
export function defaultBytes(total: number, constrained: number): number {
  const available = constrained > 0 ? Math.min(total, constrained) : total;
  return Math.min(SHARE_OF_MEMORY * available, LARGEST_DEFAULT);
}
