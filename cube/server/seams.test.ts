// The places inside Cube that are replaced or reached into. When one of these tests fails after an upgrade, Cube has moved them:
// read cube/README.md, "Cube's seams", before anything else.
import "./environment.ts";
import { createRequire } from "node:module";
import * as native from "@cubejs-backend/native";
import { ApiGateway } from "@cubejs-backend/api-gateway";
import { DuckDBDriver } from "@cubejs-backend/duckdb-driver";
import * as transform from "@cubejs-backend/duckdb-driver/dist/src/Transform.js";
import { DuckDBRowStream } from "@cubejs-backend/duckdb-driver/dist/src/RowStream.js";
import { CubejsServer } from "@cubejs-backend/server";
import { CompilerApi, CubejsServerCore } from "@cubejs-backend/server-core/dist/src/index.js";
import { expect, test } from "vitest";
import { CubeServer } from "./cube-server.ts";
import { NaiveTimeDuckDBQuery } from "./dialect.ts";
import { hasNativeAddon } from "./native.ts";
import { BoundedCacheDriver } from "./result-cache.ts";

const require = createRequire(import.meta.url);
const VERSION = "1.7.43";

/** The method on the stock class, before or without ours. */
function stock(type: { prototype: object }, method: string): unknown {
  return (type.prototype as Record<string, unknown>)[method];
}

test.each(["server", "server-core", "api-gateway", "duckdb-driver", "native", "shared"])(
  "@cubejs-backend/%s is the pinned version",
  (name) => {
    const { version } = require(`@cubejs-backend/${name}/package.json`) as { version: string };
    expect(version).toBe(VERSION);
  },
);

test.each([
  ["ResultWrapper", native.ResultWrapper, ["getFinalResult", "getArray", "getTransformData", "getRootResultObject"]],
  ["ResultMultiWrapper", native.ResultMultiWrapper, ["getFinalResult", "getResults"]],
  [
    "ApiGateway",
    ApiGateway,
    ["createSQLServerInstance", "load", "getNormalizedQueries", "getSqlQueriesInternal", "getAdapterApi"],
  ],
  ["CubejsServer", CubejsServer, ["createCoreInstance"]],
  [
    "CubejsServerCore",
    CubejsServerCore,
    ["initApp", "createApiGatewayInstance", "createCompilerApi", "createOrchestratorApi", "beforeShutdown", "shutdown"],
  ],
  [
    "CompilerApi",
    CompilerApi,
    [
      "createNativeInstance",
      "getSql",
      "getCompilers",
      "metaConfig",
      "applyRowLevelSecurity",
      "patchVisibilityByAccessPolicy",
      "hashRequestContext",
    ],
  ],
  ["DuckDBDriver", DuckDBDriver, ["query", "stream", "getTablesQuery", "createSchemaIfNotExists", "release"]],
  [
    "DuckDBQuery",
    DuckDBDriver.dialectClass(),
    [
      "convertTz",
      "inDbTimeZone",
      "timeStampCast",
      "dateTimeCast",
      "timeRangeFilter",
      "evaluateSymbolSql",
      "applyMeasureFilters",
      "aggregateOnGroupedColumn",
      "timeGroupedColumn",
    ],
  ],
] as const)("%s still has what is replaced", (_name, type, methods) => {
  expect(methods.filter((method) => typeof stock(type as never, method) !== "function")).toEqual([]);
});

test("the deep imports of the driver are still there", () => {
  for (const part of [
    transform.buildTransform,
    transform.convertDuckDBParams,
    transform.transformChunk,
    DuckDBRowStream,
  ]) {
    expect(part).toBeTypeOf("function");
  }
});

test("without the native addon the answers are encoded by our encoder", () => {
  const encodesHere = String(stock(native.ResultWrapper, "getFinalResult")).includes("singleResult");
  expect(encodesHere).toBe(!hasNativeAddon());
});

test("each orchestrator gets our bounded cache and can be forgotten", async () => {
  const server = new CubeServer({
    routes: () => {},
    maxCachedCells: 10,
    apiSecret: "s".repeat(32),
    checkAuth: () => {},
    contextToOrchestratorId: () => "one",
    driverFactory: () => new DuckDBDriver(),
    dialectFactory: () => NaiveTimeDuckDBQuery as never,
    orchestratorOptions: { preAggregationsOptions: { externalRefresh: false } },
  });
  const api = await server.core.getOrchestratorApi({ securityContext: {}, requestId: "test" });
  const cache = api.getQueryOrchestrator().getQueryCache() as unknown as {
    getCacheDriver?(): unknown;
    cacheDriver: unknown;
  };
  expect(cache.cacheDriver).toBeInstanceOf(BoundedCacheDriver);
  const { storage } = (server.core as unknown as { orchestratorStorage: { storage: Map<string, unknown> } })
    .orchestratorStorage;
  expect([...storage.keys()]).toEqual(["one"]);
  server.core.forgetOrchestrator("one");
  expect(storage.size).toBe(0);
});
