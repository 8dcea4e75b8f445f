import "./environment.ts";
import { DuckDBDriver } from "@cubejs-backend/duckdb-driver";
import { DuckDBRowStream } from "@cubejs-backend/duckdb-driver/dist/src/RowStream.js";
import {
  buildTransform,
  convertDuckDBParams,
  transformChunk,
} from "@cubejs-backend/duckdb-driver/dist/src/Transform.js";
import type { OpenSnapshot } from "./open-snapshot.ts";

/**
 * Cube"s DuckDB driver bound to one immutable published snapshot. Unlike the stock driver, which funnels every
 * query through a single connection, each query gets its own connection, so it can run in parallel and be cancelled.
 */
export class SnapshotDuckDBDriver extends DuckDBDriver {
  readonly #snapshot: OpenSnapshot;
  readonly #schemas = new Map<string, Promise<unknown>>();

  constructor(snapshot: OpenSnapshot) {
    super();
    this.#snapshot = snapshot;
  }

  override query<R = unknown>(sql: string, values: unknown[] = []): Promise<R[]> {
    let cancelled = false;
    let interrupt = () => {};
    const rows = this.#snapshot.use(async (connection) => {
      if (cancelled) throw new Error("Query was cancelled");
      interrupt = () => connection.interrupt();
      try {
        const result = await connection.run(sql, convertDuckDBParams(values));
        const transform = buildTransform(result.columnNames(), result.columnTypes());
        return (await result.fetchAllChunks()).flatMap((chunk) => transformChunk(chunk, transform) as R[]);
      } finally {
        interrupt = () => {};
      }
    });
    return Object.assign(rows, {
      cancel: async () => {
        cancelled = true;
        interrupt();
      },
    });
  }

  override async stream(sql: string, values: unknown[], { highWaterMark }: { highWaterMark: number }) {
    const lease = await this.#snapshot.lease();
    try {
      const result = await lease.connection.stream(sql, convertDuckDBParams(values));
      const transform = buildTransform(result.columnNames(), result.columnTypes());
      const rowStream = new DuckDBRowStream(result, transform, lease.release, highWaterMark);
      return { rowStream, release: async () => void rowStream.destroy() };
    } catch (error) {
      lease.release();
      throw error;
    }
  }

  /** information_schema spans every attached database, so other versions" tables have to be filtered out. */
  override getTablesQuery(schema: string): Promise<{ table_name: string }[]> {
    return this.query("SELECT table_name FROM information_schema.tables WHERE table_catalog = ? AND table_schema = ?", [
      this.#snapshot.catalogs.scratch,
      schema,
    ]);
  }

  /** Once per schema: DuckDB fails concurrent `CREATE SCHEMA IF NOT EXISTS` with a write-write conflict. */
  override async createSchemaIfNotExists(schema: string): Promise<void> {
    const created =
      this.#schemas.get(schema) ??
      this.query(`CREATE SCHEMA IF NOT EXISTS ${this.#snapshot.catalogs.scratch}.${schema}`);
    this.#schemas.set(schema, created);
    await created;
  }

  /** The snapshot outlives the driver; its owner retires it. */
  override async release(): Promise<void> {}
}
