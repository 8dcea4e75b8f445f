// Blue/green switching between published snapshots. The pipeline writes <dir>/<version>.duckdb, then replaces <dir>/current
// with the version's name; this class notices, checks the new version, makes it current and retires the old one.
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { AppError, hasCode, messageOf } from "../../shared/errors.ts";
import { logCubeEvent } from "./log.ts";
import type { OpenSnapshot } from "./open-snapshot.ts";
import { readSnapshotFacts, type SnapshotFacts } from "./snapshot-facts.ts";
import type { Warehouse } from "./warehouse.ts";

export interface SnapshotHooks {
  /** Runs against the new snapshot before requests see it; a rejection keeps the old one serving. */
  prepare(snapshot: OpenSnapshot): Promise<void>;
  /** Runs when no request can reach the snapshot any more. */
  retired(snapshotId: string): void;
}

export interface PublishedSnapshotsOptions {
  readonly directory: string;
  readonly warehouse: Warehouse;
  readonly hooks: SnapshotHooks;
  /** Longer than a request pinned to the old snapshot may take to reach its query. */
  readonly graceMs: number;
}

export interface ServedSnapshot extends SnapshotFacts {
  readonly servedSince: Date;
}

/** Nothing readable has been published yet. */
export class SnapshotMissingError extends AppError {
  constructor(switchError: string | null) {
    super("There are no data to show yet.", {
      state: switchError ?? "Nothing has been published.",
      advice:
        "Run `npm start -- --inbox DIR` with the folder of your exports, or `npm start -- --demo` for the demo seller; " +
        "add `--no-serve` to leave this server running. It recovers by itself.",
    });
  }
}

export class PublishedSnapshots {
  readonly #options: PublishedSnapshotsOptions;
  readonly #open = new Map<string, OpenSnapshot>();
  readonly #retiring = new Set<Promise<void>>();
  readonly #graceTimers = new Map<NodeJS.Timeout, OpenSnapshot>();
  #current: OpenSnapshot | undefined;
  #served: ServedSnapshot | undefined;
  #switchError: string | null = null;
  /** What `current` pointed to when it could not be served, so that a broken file isn't opened again every second. */
  #refused: string | undefined;
  #opened = 0;
  #refreshing: Promise<void> | undefined;

  constructor(options: PublishedSnapshotsOptions) {
    this.#options = options;
  }

  get current(): OpenSnapshot {
    if (!this.#current) throw new SnapshotMissingError(this.#switchError);
    return this.#current;
  }

  /** What is being served, or undefined as long as nothing readable was published. */
  get served(): ServedSnapshot | undefined {
    return this.#served;
  }

  /** Why the version `current` points to isn't served, or null when it is. */
  get switchError(): string | null {
    return this.#switchError;
  }

  /** The snapshot a request was pinned to, or the current one when that is gone. */
  get(id: string | undefined): OpenSnapshot {
    return (id && this.#open.get(id)) || this.current;
  }

  /** Follows the pointer file; never rejects, see `switchError`. Calls made while a switch is under way share it. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#follow()
      .catch((error: unknown) => {
        this.#switchError = `The published version can't be told: ${messageOf(error)}.`;
      })
      .finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  /** Waits for running queries and detaches every snapshot. */
  async close(): Promise<void> {
    await this.#refreshing;
    for (const [timer, snapshot] of this.#graceTimers) {
      clearTimeout(timer);
      this.#retire(snapshot);
    }
    this.#graceTimers.clear();
    if (this.#current) this.#retire(this.#current);
    this.#current = undefined;
    await Promise.all(this.#retiring);
  }

  async #follow(): Promise<void> {
    const pointed = await this.#pointedVersion();
    if (pointed !== undefined && pointed === this.#current?.version) {
      this.#switchError = null;
      this.#refused = undefined;
      return;
    }
    const mark = await this.#mark(pointed);
    if (mark !== this.#refused || !this.#current) {
      const error = pointed === undefined ? "no version is named in `current`" : await this.#try(pointed);
      this.#refused = error === null ? undefined : mark;
      this.#switchError = error === null ? null : await this.#explain(pointed, error);
    }
  }

  /** Serves the newest readable version if nothing is served yet, and says what is served in place of what. */
  async #explain(pointed: string | undefined, error: string): Promise<string> {
    if (!this.#current) {
      for (const version of await this.#versions()) {
        if (version !== pointed && (await this.#try(version)) === null) break;
      }
    }
    const wanted = pointed === undefined ? "The published version can't be told" : `Version ${pointed} can't be served`;
    const instead = this.#current ? `Version ${this.#current.version} goes on serving.` : "No version is served.";
    return `${wanted}: ${error}. ${instead}`;
  }

  /** Makes a version current; the reason when it can't be, else null. */
  async #try(version: string): Promise<string | null> {
    const { directory, warehouse, hooks, graceMs } = this.#options;
    this.#opened += 1;
    let next: OpenSnapshot | undefined;
    try {
      next = await warehouse.open(`s${this.#opened}`, version, path.join(directory, `${version}.duckdb`));
      this.#open.set(next.id, next);
      const facts = await readSnapshotFacts(next);
      await hooks.prepare(next);
      const previous = this.#current;
      this.#current = next;
      this.#served = { ...facts, servedSince: new Date() };
      if (previous) this.#retireAfter(previous, graceMs);
      return null;
    } catch (error) {
      if (next) this.#retire(next);
      return messageOf(error);
    }
  }

  #retireAfter(snapshot: OpenSnapshot, graceMs: number): void {
    const timer = setTimeout(() => {
      this.#graceTimers.delete(timer);
      this.#retire(snapshot);
    }, graceMs);
    timer.unref();
    this.#graceTimers.set(timer, snapshot);
  }

  #retire(snapshot: OpenSnapshot): void {
    this.#open.delete(snapshot.id);
    this.#options.hooks.retired(snapshot.id);
    const retiring = snapshot
      .retire()
      .catch((error: unknown) => logCubeEvent("Snapshot not detached", { error: messageOf(error) }))
      .finally(() => this.#retiring.delete(retiring));
    this.#retiring.add(retiring);
  }

  async #pointedVersion(): Promise<string | undefined> {
    try {
      const name = (await readFile(path.join(this.#options.directory, "current"), "utf8")).trim();
      return name === "" ? undefined : path.basename(name, ".duckdb");
    } catch (error) {
      if (hasCode(error, "ENOENT")) return undefined;
      throw error;
    }
  }

  /** Changes whenever another try to serve what `current` points to makes sense. */
  async #mark(version: string | undefined): Promise<string> {
    if (version === undefined) return (await this.#versions()).join(" ");
    const file = await stat(path.join(this.#options.directory, `${version}.duckdb`)).catch(() => undefined);
    return `${version} ${file?.size ?? "absent"} ${file?.mtimeMs ?? ""}`;
  }

  /** Versions on disk, newest first (their names start with the time they were built). */
  async #versions(): Promise<string[]> {
    const names = await readdir(this.#options.directory).catch(() => [] as string[]);
    const files = names.filter((name) => name.endsWith(".duckdb"));
    return files
      .map((name) => path.basename(name, ".duckdb"))
      .sort()
      .reverse();
  }
}
