// The composition root: which parts make the server, in which order.
import path from "node:path";
import helmet from "helmet";
import type { Express } from "express";
import { API_SECRET_NAME, signingKey } from "../cube/server/auth.ts";
import { CubeService } from "../cube/server/cube-service.ts";
import { loadDefinitions } from "../cube/server/definitions.ts";
import { readModel, shareMeasures } from "../cube/server/model-files.ts";
import { nativeAddonWarning } from "../cube/server/native.ts";
import { TargetStore } from "../cube/server/target-store.ts";
import { loadDeliveredTargets } from "../cube/server/targets.ts";
import { threadPoolWarning } from "../cube/server/environment.ts";
import { dataDirectory, ensureDataDirectory, PROJECT_ROOT } from "../shared/data-directory.ts";
import { AppError, hasCode } from "../shared/errors.ts";
import { secret } from "../shared/secrets.ts";
import { answerRoutes } from "./answer-routes.ts";
import { csvRoutes } from "./csv-routes.ts";
import { definitionRoutes } from "./definition-routes.ts";
import { dashboardRoutes } from "./dashboard-routes.ts";
import { hostCheck, isLoopback } from "./host-check.ts";
import { CONTENT_SECURITY_POLICY } from "./security-policy.ts";
import { requireSession } from "./session.ts";
import { targetRoutes } from "./target-routes.ts";
import { dataGate, statusRoutes } from "./status-routes.ts";
import { InboxWatch } from "./watch/inbox-watch.ts";

export interface ServerOptions {
  readonly dataDir?: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** How often to look for another published version. */
  readonly pollMs?: number;
  /** Inbox to watch: what changes in it is loaded by itself. Nothing is watched unless given. */
  readonly watch?: string;
  /** The dashboard as built by Vite. */
  readonly dashboardDirectory?: string;
  readonly print: (line: string) => void;
  readonly warn: (line: string) => void;
}

export interface RunningServer {
  readonly port: number;
  readonly service: CubeService;
  close(): Promise<void>;
}

/** Starts the server, with or without published data. Rejects with an AppError when the port is taken. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host, print, warn } = options;
  const data = await ensureDataDirectory(dataDirectory(options.dataDir));
  const key = signingKey(await secret(data, API_SECRET_NAME));
  const definitions = await loadDefinitions();
  const delivered = await loadDeliveredTargets();
  const shares = shareMeasures(await readModel());
  const targets = new TargetStore(data, delivered);
  const cards = new Map(definitions.en.map((card) => [card.id, card]));
  const dashboard = options.dashboardDirectory ?? path.join(PROJECT_ROOT, "dashboard", "dist");

  let watch: InboxWatch | undefined;
  const service: CubeService = await CubeService.create({
    publishedDirectory: data.published,
    temporaryDirectory: path.join(data.work, "server-tmp"),
    key,
    routes(app: Express, snapshots) {
      app.use(helmet({ contentSecurityPolicy: CONTENT_SECURITY_POLICY, strictTransportSecurity: false }));
      app.get(["/livez", "/readyz"], dataGate(snapshots));
      app.use(hostCheck(host));
      app.use("/api", requireSession(key));
      statusRoutes(app, snapshots, () => watch?.status ?? null);
      definitionRoutes(app, definitions);
      targetRoutes(app, { store: targets, delivered, cards, shares });
      app.use(["/api/answers", "/api/csv"], dataGate(snapshots));
      answerRoutes(app, { service: () => service, cards, targets });
      csvRoutes(app, () => service);
      app.use("/cubejs-api", dataGate(snapshots));
      dashboardRoutes(app, dashboard, key);
    },
  });

  const port = await listen(service, host, options.port);
  service.follow(options.pollMs ?? 1000, ({ served, switchError }) => {
    if (switchError) warn(switchError);
    else print(`Serving version ${served?.versionName}`);
  });
  greet(service, host, port, options);
  if (options.watch !== undefined) watch = new InboxWatch({ data, inbox: path.resolve(options.watch), print, warn });
  return {
    port,
    service,
    close: async () => {
      await Promise.all([watch?.close(), service.close()]);
    },
  };
}

async function listen(service: CubeService, host: string, port: number): Promise<number> {
  try {
    return await service.listen({ host, port });
  } catch (error) {
    await service.close();
    if (hasCode(error, "EADDRINUSE")) {
      throw new AppError(`Port ${port} on ${host} is taken by another program.`, {
        state: "Nothing was started.",
        advice: `Stop that program (perhaps another Aftersight), or choose another port: --port ${port + 1}`,
        cause: error,
      });
    }
    throw error;
  }
}

function greet({ snapshots }: CubeService, host: string, port: number, { print, warn }: ServerOptions): void {
  const threads = threadPoolWarning();
  if (threads) warn(`Warning: ${threads}`);
  const addon = nativeAddonWarning();
  if (addon) warn(`Warning: ${addon}`);
  if (!isLoopback(host)) {
    warn(
      `Warning: ${host} is reachable from other machines and there is no sign-in: whoever reaches it can read everything.`,
    );
  }
  if (snapshots.switchError) warn(`Warning: ${snapshots.switchError}`);
  const name = isLoopback(host) || host === "0.0.0.0" || host === "::" ? "localhost" : host;
  print(`Aftersight is ready on http://${name.includes(":") ? `[${name}]` : name}:${port}`);
}
