import "./environment.ts";
import { createCancelablePromise } from "@cubejs-backend/shared";
import { LRUCache } from "lru-cache";

/**
 * Cube"s own in-memory cache never evicts, serialises every value to measure it, and is shared by all orchestrators
 * of the process. This one is bounded and dies with its orchestrator, i.e. with its warehouse version.
 */
export class BoundedCacheDriver {
  readonly #entries: LRUCache<string, { value: unknown }>;
  readonly #locks = new Set<string>();

  constructor(maxCells: number) {
    this.#entries = new LRUCache({ maxSize: maxCells, sizeCalculation: ({ value }) => countCells(value) });
  }

  async get<R>(key: string): Promise<R | null> {
    return (this.#entries.get(key)?.value as R | undefined) ?? null;
  }

  async set(key: string, value: unknown, expirationSeconds: number): Promise<{ key: string; bytes: number }> {
    this.#entries.set(key, { value }, { ttl: expirationSeconds * 1000 });
    return { key, bytes: 0 };
  }

  async remove(key: string): Promise<void> {
    this.#entries.delete(key);
  }

  async keysStartingWith(prefix: string): Promise<string[]> {
    return [...this.#entries.keys()].filter((key) => key.startsWith(prefix));
  }

  withLock(key: string, work: () => Promise<unknown>) {
    return createCancelablePromise(async (token) => {
      if (this.#locks.has(key)) return false;
      this.#locks.add(key);
      try {
        await token.with(work());
        return true;
      } finally {
        this.#locks.delete(key);
      }
    });
  }

  async cleanup(): Promise<void> {}

  async testConnection(): Promise<void> {}
}

function countCells(value: unknown): number {
  const rows = (value as { result?: unknown } | null)?.result;
  if (!Array.isArray(rows) || rows.length === 0) return 1;
  return rows.length * Math.max(1, Object.keys(rows[0] ?? {}).length);
}
