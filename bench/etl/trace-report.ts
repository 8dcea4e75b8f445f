// The slowest statements of a traced run, alike ones together.
import { readFile } from "node:fs/promises";
import type { TracedStatement } from "./trace.ts";

const TOLD = 30;
const TOLD_CHARACTERS = 150;

/** One line each: processor seconds, wall seconds, how many, the statement's beginning. */
export async function slowestStatements(file: string): Promise<string[]> {
  const groups = new Map<string, { cpu: number; wall: number; count: number }>();
  for (const { sql, seconds, cpuSeconds } of JSON.parse(await readFile(file, "utf8")) as TracedStatement[]) {
    const group = groups.get(alike(sql)) ?? { cpu: 0, wall: 0, count: 0 };
    group.cpu += cpuSeconds;
    group.wall += seconds;
    group.count += 1;
    groups.set(alike(sql), group);
  }
  return [...groups]
    .toSorted(([, left], [, right]) => right.cpu - left.cpu)
    .slice(0, TOLD)
    .map(([sql, { cpu, wall, count }]) => `${cpu.toFixed(2)} s cpu, ${wall.toFixed(2)} s, ${count}x: ${sql}`);
}

/** Numbers and file names aside, statements of one form are one. */
function alike(sql: string): string {
  const short = sql
    .replaceAll(/\s+/g, " ")
    .replaceAll(/'\/[^']*'/g, "'…'")
    .replaceAll(/\b\d+\b/g, "N");
  return short.slice(0, TOLD_CHARACTERS);
}
