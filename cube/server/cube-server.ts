// Cube's server with the seams this product needs: it runs without the native addon, serves extra routes from the
// same port, and can drop everything it holds for a retired published snapshot.
import "./environment.ts";
import { randomUUID } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import { ApiGateway } from "@cubejs-backend/api-gateway";
import { CubejsServer, type CreateOptions } from "@cubejs-backend/server";
import {
  CubejsServerCore,
  type CompilerApi,
  type OrchestratorApi,
} from "@cubejs-backend/server-core/dist/src/index.js";
import { getEnv } from "@cubejs-backend/shared";
import { withPolicies } from "./access.ts";
import { ALL_SEEING, type Claims } from "./claims.ts";
import { CubeQueryError } from "./cube-query-error.ts";
import { GuardedCompilerApi } from "./guarded-compiler-api.ts";
import { disabledSqlServer, hasNativeAddon, installJsResultEncoder, jinjaFreeInstance } from "./native.ts";
import { BoundedCacheDriver } from "./result-cache.ts";

export interface CubeServerOptions extends CreateOptions {
  /** Registers middleware and routes ahead of Cube's own, so that they win over its `/`. */
  readonly routes: (app: Express) => void;
  maxCachedCells: number;
}

export interface ListenAddress {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

const pureJs = !hasNativeAddon();
readPlannerSettingQuietly();
if (pureJs) installJsResultEncoder();

/** How long running requests may take to finish after `stop`. */
const DRAIN_MS = 10_000;

export class CubeServer extends CubejsServer {
  declare readonly core: CubeCore;
  readonly #routes: (app: Express) => void;
  #http: http.Server | undefined;

  constructor({ routes, maxCachedCells, ...cube }: CubeServerOptions) {
    super(cube);
    this.#routes = routes;
    this.core.maxCachedCells = maxCachedCells;
  }

  /**
   * In place of Cube's `listen`, which binds every network interface, answers any origin and doesn't report a busy port.
   * Resolves to the port; rejects with Node's error, e.g. `EADDRINUSE`.
   */
  async start({ host, port }: ListenAddress): Promise<number> {
    const app = express();
    app.disable("x-powered-by");
    this.#routes(app);
    app.use(express.json({ limit: "1mb" }), refuseBadBody);
    app.use("/cubejs-api/v1/meta", refuseExtendedMeta);
    await this.core.initApp(app);
    const server = http.createServer(app);
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, host, resolve));
    this.#http = server;
    return (server.address() as AddressInfo).port;
  }

  /** Refuses new connections, lets running requests finish for up to 10 s, then releases what Cube holds. */
  async stop(): Promise<void> {
    const server = this.#http;
    this.#http = undefined;
    if (server) await closed(server);
    await this.core.beforeShutdown();
    await this.core.shutdown();
  }

  protected override createCoreInstance(config: CreateOptions, system?: never): CubeCore {
    return new CubeCore(config, system);
  }
}

/** At the first look Cube prints a warning about the planner that was chosen on purpose; see environment.ts. */
function readPlannerSettingQuietly(): void {
  const { log } = console;
  console.log = () => {};
  try {
    getEnv("nativeSqlPlanner");
  } finally {
    console.log = log;
  }
}

async function closed(server: http.Server): Promise<void> {
  const idle = setInterval(() => server.closeIdleConnections(), 100);
  const force = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearInterval(idle);
  clearTimeout(force);
}

/** Cube would answer a body that is too large or no JSON with 500. */
const refuseBadBody: ErrorRequestHandler = (error: { status?: number; message?: string }, _request, response, next) => {
  const { status } = error;
  if (status === undefined || status < 400 || status >= 500) return next(error);
  response.status(status).json({ error: status === 413 ? "The request body is larger than 1 MB." : error.message });
};

/** It would show the model's SQL, with the columns that no view has. */
const refuseExtendedMeta: RequestHandler = (request, response, next) => {
  if (!("extended" in request.query)) return next();
  response.status(403).json({ error: "Extended meta is not open: leave `extended` out." });
};

/** Values as Cube sends them: numbers as text. */
export interface CubeResult {
  readonly data: readonly Readonly<Record<string, unknown>>[];
}

type CubeMessage = { readonly results: CubeResult[] } | { readonly error: string };

interface WrappedMessage {
  readonly isWrapper: true;
  getFinalResult(): Promise<Uint8Array>;
}

export interface VisibleMember {
  readonly name: string;
  readonly shortTitle: string;
  readonly type: string;
  readonly isVisible: boolean;
}

interface VisibleCube {
  readonly config: Record<"measures" | "dimensions", VisibleMember[]>;
}

export class CubeCore extends CubejsServerCore {
  maxCachedCells = 1_000_000;

  readonly runsPureJs = pureJs;

  /** Compiles the model; rejects with the compiler's message when it is wrong. */
  async compileModel(context: object): Promise<void> {
    const compiler = await this.getCompilerApi({ securityContext: ALL_SEEING, requestId: "compile", ...context });
    await compiler.getCompilers({ requestId: "compile" });
  }

  /**
   * Runs a query in this process, for answers that are made of several: as these claims, all on one snapshot. One element a
   * query: comparing periods gives several.
   *
   * @throws CubeQueryError with what Cube says
   */
  async ask(
    query: object,
    context: { readonly securityContext: Claims; readonly snapshot: string },
  ): Promise<CubeResult[]> {
    for (;;) {
      const { message, status } = await this.#load(query, context);
      if (!("error" in message)) return message.results;
      // Cube holds a request for ten seconds, then asks to come again.
      if (message.error !== "Continue wait") throw new CubeQueryError(message.error.replace(/^\w*Error: /, ""), status);
    }
  }

  async #load(query: object, context: object): Promise<{ message: CubeMessage; status: number }> {
    return new Promise((resolve, reject) => {
      const answer = async (message: CubeMessage | WrappedMessage, { status = 200 } = {}) => {
        if (!("isWrapper" in message)) return resolve({ message, status });
        const text = Buffer.from(await message.getFinalResult()).toString();
        resolve({ message: JSON.parse(text) as CubeMessage, status });
      };
      const request = { query, queryType: "multi", context: { ...context, requestId: randomUUID() }, res: answer };
      this.apiGateway()
        .load(request as never)
        .catch(reject);
    });
  }

  /** The members these claims may see. */
  async visibleMembers(context: {
    readonly securityContext: Claims;
    readonly snapshot: string;
  }): Promise<ReadonlyMap<string, VisibleMember>> {
    const compiler = await this.getCompilerApi({ requestId: randomUUID(), ...context });
    const cubes = (await compiler.metaConfig(context, {})) as unknown as VisibleCube[];
    const members = cubes.flatMap(({ config }) => [...config.measures, ...config.dimensions]);
    return new Map(members.filter(({ isVisible }) => isVisible).map((member) => [member.name, member]));
  }

  /** Cube's own parts, for what goes ways that Cube has no method for; cube/server/row-stream.ts. */
  gateway(): ApiGateway {
    return this.apiGateway();
  }

  /** Builds the model's rollups for a snapshot, in its scratch catalog; rejects on the first that fails. */
  async buildRollups(context: object): Promise<void> {
    const background = { securityContext: ALL_SEEING, requestId: "rollups", ...context } as never;
    const rollups = await (await this.getCompilerApi(background)).preAggregations();
    if (rollups.length === 0) return;
    await untilFinished(() =>
      this.getRefreshScheduler().buildPreAggregations(background, {
        timezones: ["UTC"],
        preAggregations: rollups.map(({ id }: { id: string }) => ({ id })),
        forceBuildPreAggregations: false,
        throwErrors: true,
      }),
    );
  }

  /** Releases the driver, queue and caches of an orchestrator no request will ask for again. */
  forgetOrchestrator(id: string): void {
    const { storage } = this.orchestratorStorage as unknown as { storage: Map<string, OrchestratorApi> };
    storage.delete(id);
  }

  protected override createApiGatewayInstance(...args: ConstructorParameters<typeof ApiGateway>): ApiGateway {
    return pureJs ? new PureJsApiGateway(...args) : super.createApiGatewayInstance(...args);
  }

  protected override createCompilerApi(
    ...[repository, options = {}]: Parameters<CubejsServerCore["createCompilerApi"]>
  ): CompilerApi {
    const Api = pureJs ? PureJsCompilerApi : GuardedCompilerApi;
    const guarded = {
      localPath: () => repository.localPath(),
      dataSchemaFiles: async (...given: Parameters<typeof repository.dataSchemaFiles>) =>
        (await repository.dataSchemaFiles(...given)).map(withPolicies),
    } as typeof repository;
    return new Api(guarded, options.dbType, this.createCompilerApiOptions(options));
  }

  protected override createOrchestratorApi(
    ...args: Parameters<CubejsServerCore["createOrchestratorApi"]>
  ): OrchestratorApi {
    const api = super.createOrchestratorApi(...args);
    Object.assign(api.getQueryOrchestrator().getQueryCache(), {
      cacheDriver: new BoundedCacheDriver(this.maxCachedCells),
    });
    return api;
  }
}

/** Cube gives up waiting after some seconds and asks to come again. */
async function untilFinished(work: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (!String(error).includes("Continue wait")) throw error;
    }
  }
}

class PureJsApiGateway extends ApiGateway {
  protected override createSQLServerInstance() {
    return disabledSqlServer as never;
  }
}

class PureJsCompilerApi extends GuardedCompilerApi {
  override createNativeInstance() {
    return jinjaFreeInstance as never;
  }
}
