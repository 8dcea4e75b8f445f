// Loaded before the pipeline (`--import`): notes how long each of its SQL statements takes, and writes the list when the process ends.
// The file is named by AFTERSIGHT_TRACE. The product itself knows nothing of it.
import { writeFileSync } from "node:fs";
import { DuckDBConnection } from "@duckdb/node-api";

export interface TracedStatement {
  readonly sql: string;
  readonly seconds: number;
  /** Processor time of the whole process meanwhile. */
  readonly cpuSeconds: number;
  /** Seconds since the first statement. */
  readonly at: number;
}

const KEPT_CHARACTERS = 400;

const statements: TracedStatement[] = [];
const start = performance.now();

type Method = (this: DuckDBConnection, sql: string, ...rest: unknown[]) => Promise<unknown>;

function traced(original: Method): Method {
  return async function (sql, ...rest) {
    const began = performance.now();
    const before = process.cpuUsage();
    try {
      return await original.call(this, sql, ...rest);
    } finally {
      const { user, system } = process.cpuUsage(before);
      const [seconds, cpuSeconds] = [(performance.now() - began) / 1000, (user + system) / 1e6];
      const at = (began - start) / 1000;
      statements.push({ sql: sql.slice(0, KEPT_CHARACTERS), seconds, cpuSeconds, at });
    }
  };
}

const prototype = DuckDBConnection.prototype as unknown as { run: Method; stream: Method };
prototype.run = traced(prototype.run);
prototype.stream = traced(prototype.stream);

process.on("exit", () => {
  const file = process.env.AFTERSIGHT_TRACE;
  if (file) writeFileSync(file, `${JSON.stringify(statements)}\n`);
});
