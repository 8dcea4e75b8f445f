// Cube reads its settings from the process environment while its modules load. This file is imported ahead of every Cube
// package and is the only place where they are set: what the product relies on must not depend on the user's shell.

export const CUBE_ENVIRONMENT: Readonly<Record<string, string>> = {
  // Outside production Cube serves a playground and lets requests in without a token.
  NODE_ENV: "production",
  CUBEJS_DEV_MODE: "false",
  CUBEJS_TELEMETRY: "false",
  CUBEJS_DB_TYPE: "duckdb",
  CUBEJS_CACHE_AND_QUEUE_DRIVER: "memory",
  // The same planner with and without the native addon, so that SQL and results are identical.
  CUBEJS_TESSERACT_SQL_PLANNER: "false",
  CUBEJS_EXTERNAL_DEFAULT: "false",
  CUBEJS_REFRESH_KEY_LOCAL_TIME: "true",
  // Without `sql`, which would show the SQL text to every reader.
  CUBEJS_DEFAULT_API_SCOPES: "meta,data,graphql",
  CUBEJS_DB_QUERY_TIMEOUT: "60s",
  CUBEJS_CONCURRENCY: "8",
  CUBEJS_MAX_REQUEST_SIZE: "1mb",
  // Our own logger writes named fields only; Cube's redaction would deep-copy every log event first.
  CUBEJS_LOG_REDACTION: "false",
  CUBEJS_LOG_LEVEL: "warn",
};

// Left over in a shell, these would move Cube's address, data or secret elsewhere.
const FOREIGN = /^CUBEJS_/;

for (const name of Object.keys(process.env)) {
  if (FOREIGN.test(name) && !(name in CUBE_ENVIRONMENT)) delete process.env[name];
}
Object.assign(process.env, CUBE_ENVIRONMENT);

/** A sentence for the operator when too few threads are left for DuckDB, else null. */
export function threadPoolWarning(size: string | undefined = process.env.UV_THREADPOOL_SIZE): string | null {
  if (Number(size) >= 16) return null;
  return (
    `UV_THREADPOOL_SIZE is ${size ?? "not set"}: behind four long queries every other one has to wait. ` +
    "Start with UV_THREADPOOL_SIZE=16, as `npm start` does."
  );
}
