// Everything of Cube in one piece: warehouse, published snapshots, server.
import "./environment.ts";
import { mkdir } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { randomBytes, type KeyObject } from "node:crypto";
import type { Express } from "express";
import type { WeekStart } from "../../shared/week-start.ts";
import { groupsOf } from "./access.ts";
import { cubeAuth } from "./auth.ts";
import type { Claims } from "./claims.ts";
import { CubeServer, type ListenAddress } from "./cube-server.ts";
import { NaiveTimeDuckDBQuery } from "./dialect.ts";
import { logCubeEvent } from "./log.ts";
import { MODEL_DIRECTORY, readModel } from "./model-files.ts";
import { PublishedSnapshots } from "./published-snapshots.ts";
import { SnapshotDuckDBDriver } from "./snapshot-driver.ts";
import { readThrough, requireTables } from "./snapshot-facts.ts";
import { Warehouse } from "./warehouse.ts";

export interface CubeServiceOptions {
  readonly publishedDirectory: string;
  /** Where large sorts and joins spill; created when missing. */
  readonly temporaryDirectory: string;
  readonly key: KeyObject;
  /** Registers middleware and routes ahead of Cube's. */
  readonly routes?: (app: Express, snapshots: PublishedSnapshots) => void;
  /** How long a replaced snapshot stays attached for the requests pinned to it. */
  readonly graceMs?: number;
  /** e.g. `2GB`; a quarter of the machine's memory, at most 4 GB, unless given. */
  readonly memoryLimit?: string;
}

const MAX_CACHED_CELLS = 5_000_000;
const DEFAULT_GRACE_MS = 30_000;

export class CubeService {
  readonly snapshots: PublishedSnapshots;
  readonly server: CubeServer;
  readonly #warehouse: Warehouse;
  #polling: NodeJS.Timeout | undefined;

  private constructor(warehouse: Warehouse, snapshots: PublishedSnapshots, server: CubeServer) {
    this.#warehouse = warehouse;
    this.snapshots = snapshots;
    this.server = server;
  }

  /** Opens the published snapshot and compiles the model, if there is one; nothing listens yet. */
  static async create(options: CubeServiceOptions): Promise<CubeService> {
    const [publishedDirectory, temporaryDirectory] = [options.publishedDirectory, options.temporaryDirectory].map(
      (folder) => path.resolve(folder),
    ) as [string, string];
    await mkdir(temporaryDirectory, { recursive: true });
    const warehouse = await Warehouse.create({
      threads: Math.max(2, Math.min(os.availableParallelism(), 8)),
      memoryLimit: options.memoryLimit ?? defaultMemoryLimit(),
      temporaryDirectory,
      publishedDirectory,
    });
    const tables = await modelTables();
    const snapshots: PublishedSnapshots = new PublishedSnapshots({
      directory: publishedDirectory,
      warehouse,
      graceMs: options.graceMs ?? DEFAULT_GRACE_MS,
      hooks: {
        prepare: async (snapshot) => {
          await requireTables(snapshot, tables);
          await readThrough(snapshot, tables);
          // Compiled once per process; Cube can't do it before it has a driver, i.e. a snapshot.
          await server.core.compileModel({ snapshot: snapshot.id });
          await server.core.buildRollups({ snapshot: snapshot.id });
        },
        retired: (id) => server.core.forgetOrchestrator(id),
      },
    });
    const server = createServer(snapshots, options);
    const service = new CubeService(warehouse, snapshots, server);
    await snapshots.refresh();
    return service;
  }

  listen(address: ListenAddress): Promise<number> {
    return this.server.start(address);
  }

  /** Looks every `intervalMs` whether another version was published, and calls `changed` when what it found is new. */
  follow(intervalMs: number, changed: (snapshots: PublishedSnapshots) => void): void {
    let known = stateOf(this.snapshots);
    const look = async () => {
      await this.snapshots.refresh();
      if (stateOf(this.snapshots) !== known) changed(this.snapshots);
      known = stateOf(this.snapshots);
    };
    this.#polling = setInterval(() => void look(), intervalMs);
    this.#polling.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#polling);
    await this.server.stop();
    await this.snapshots.close();
    this.#warehouse.close();
  }
}

function stateOf(snapshots: PublishedSnapshots): string {
  return `${snapshots.served?.versionName} ${snapshots.switchError}`;
}

function createServer(snapshots: PublishedSnapshots, { key, routes }: CubeServiceOptions): CubeServer {
  const snapshotOf = (context: unknown) => snapshots.get((context as { snapshot?: string } | null)?.snapshot);
  return new CubeServer({
    schemaPath: path.relative(process.cwd(), MODEL_DIRECTORY),
    telemetry: false,
    devServer: false,
    maxCachedCells: MAX_CACHED_CELLS,
    logger: logCubeEvent,
    // Snapshots never change, so nothing needs to be refreshed in the background.
    scheduledRefreshTimer: false,
    orchestratorOptions: { preAggregationsOptions: { externalRefresh: false } },
    checkAuth: cubeAuth(key),
    // Required by Cube, but only its own check would use it: nobody shall know it.
    apiSecret: randomBytes(32).toString("hex"),
    routes: (app) => routes?.(app, snapshots),

    // Every request is pinned to the snapshot that is current when it arrives, and each snapshot has an orchestrator of
    // its own: driver, queue, result cache and pre-aggregations. That is what makes a switch atomic.
    extendContext: (request: object) => ({
      snapshot: snapshots.current.id,
      ...withWeekStart((request as { securityContext?: object }).securityContext, snapshots.served?.weekStart),
    }),
    contextToOrchestratorId: (context: unknown) => snapshotOf(context).id,
    driverFactory: (context: unknown) => new SnapshotDuckDBDriver(snapshotOf(context)),
    dialectFactory: () => NaiveTimeDuckDBQuery as never,
    contextToGroups: (context: unknown) => groupsOf(context as { securityContext: Claims }),
  });
}

/** Into the security context, which is all of a request that the dialect can read. Cube's own weeks begin on Monday. */
function withWeekStart(securityContext: object | undefined, weekStart: WeekStart = "monday") {
  return weekStart === "monday" ? {} : { securityContext: { ...securityContext, weekStart } };
}

/** Names of the marts the model reads; a snapshot without one of them must not be served. */
async function modelTables(): Promise<string[]> {
  return [...(await readModel()).cubes.values()].map((cube) => cube.sql_table);
}

function defaultMemoryLimit(): string {
  const megabytes = Math.round(os.totalmem() / 1024 / 1024 / 4);
  return `${Math.max(512, Math.min(megabytes, 4096))}MB`;
}
