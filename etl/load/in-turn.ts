// A DuckDB connection does one thing at a time: a second query ends the first. Whatever may come at the same time waits its turn here.
import type { DuckDBConnection } from "@duckdb/node-api";

const turns = new WeakMap<DuckDBConnection, Promise<unknown>>();

/** Runs `work` when all that came before is over, whatever became of it. `work` must not ask for a turn itself. */
export function inTurn<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  const before = turns.get(connection) ?? Promise.resolve();
  const mine = before.then(work, work);
  turns.set(
    connection,
    mine.catch(() => {}),
  );
  return mine;
}
