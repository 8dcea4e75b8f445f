import type { DuckDBConnection } from "@duckdb/node-api";

export interface SnapshotCatalogs {
  /** The attached file. */
  readonly data: string;
  /** In memory, for pre-aggregations. */
  readonly scratch: string;
}

interface SnapshotAccess {
  connect(): Promise<DuckDBConnection>;
  detach(): Promise<void>;
}

export interface Lease {
  readonly connection: DuckDBConnection;
  readonly release: () => void;
}

/** An attached published snapshot with its idle connections. Retiring it waits for the queries still using it. */
export class OpenSnapshot {
  /** Unique in the process, also when a version is published twice. */
  readonly id: string;
  readonly version: string;
  readonly catalogs: SnapshotCatalogs;
  readonly #access: SnapshotAccess;
  readonly #idle: DuckDBConnection[] = [];
  #busy = 0;
  #drained: (() => void) | undefined;

  constructor(id: string, version: string, catalogs: SnapshotCatalogs, access: SnapshotAccess) {
    this.id = id;
    this.version = version;
    this.catalogs = catalogs;
    this.#access = access;
  }

  async use<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const lease = await this.lease();
    try {
      return await work(lease.connection);
    } finally {
      lease.release();
    }
  }

  async lease(): Promise<Lease> {
    this.#busy += 1;
    try {
      const connection = this.#idle.pop() ?? (await this.#access.connect());
      return { connection, release: once(() => this.#giveBack(connection)) };
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  async retire(): Promise<void> {
    if (this.#busy > 0) await new Promise<void>((resolve) => (this.#drained = resolve));
    for (const connection of this.#idle.splice(0)) connection.closeSync();
    await this.#access.detach();
  }

  #giveBack(connection: DuckDBConnection): void {
    this.#idle.push(connection);
    this.#leave();
  }

  #leave(): void {
    this.#busy -= 1;
    if (this.#busy === 0) this.#drained?.();
  }
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (!done) action();
    done = true;
  };
}
