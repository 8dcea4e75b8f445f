// One run from the inbox's files to a served version, in one working file: read what is new, merge it into the stored rows, build
// the marts it touches (or all of them), detect, check, publish.
import type { DuckDBConnection } from "@duckdb/node-api";
import { detectAnomalies } from "../../detection/detect-anomalies.ts";
import type { EntityCount } from "../cast/cast.ts";
import { DETECTED, LINKED, MARTS, SUMMARIES } from "../models/models.ts";
import type { Report } from "../progress/progress.ts";
import { accountRows } from "../runs/account-rows.ts";
import { stopOnLosses } from "../runs/loss-rule.ts";
import { summariseRun, type RunSummary } from "../runs/run-summary.ts";
import { publish, type Version } from "../snapshots/publish.ts";
import { replaceSlice } from "../store/slice.ts";
import { closeStore } from "../store/store.ts";
import { buildModels } from "./build.ts";
import type { BuildContext } from "./build-context.ts";
import { checkMarts } from "./check.ts";
import {
  beginSlice,
  beginWhole,
  discard,
  lookAtSlice,
  mainIs,
  putDictionaries,
  rememberMarts,
  workingCatalog,
} from "./draft.ts";
import { openEntities, readNews, readRates } from "./read-news.ts";
import { createRunTables, createWatermarks, openDays } from "./run-tables.ts";

export interface Built {
  readonly version: Version;
  readonly counts: readonly EntityCount[];
  readonly summary: RunSummary;
}

/** @throws AppError; the version served before is then still served. */
export async function buildVersion(context: BuildContext): Promise<Built> {
  const { connection, data, report } = context;
  const news = await readNews(context);
  const isNews = news.reading.kind === "news";
  await openEntities(connection);
  await createWatermarks(connection, context.now);
  await createRunTables(connection, context.settings, context.now);
  await readRates(context);
  const slice = isNews ? await beginSlice(context, news.martsOf) : undefined;
  const draft = slice ?? (await beginWhole(context));
  try {
    await buildModels(connection, LINKED, report);
    await accountRows(connection, context.account);
    const summary = await summariseRun({ ...context, ...news, served: context.comparable, isNews });
    if (!context.acceptLosses) stopOnLosses(summary, context.served?.name);
    if (slice) await replaceSlice(connection, await workingCatalog(connection));
    await mainIs(connection, "snapshot");
    await buildModels(connection, SUMMARIES, report);
    await detect(connection, report);
    context.signal?.throwIfAborted();
    if (slice) await lookAtSlice(connection);
    await checkMarts(
      connection,
      [...MARTS, ...DETECTED].map((mart) => mart.name),
      report,
    );
    if (slice) await putDictionaries(connection);
    await mainIs(connection, undefined);
    const version = await publish(context, draft);
    await rememberMarts(context, version, slice !== undefined);
    await closeStore(connection, data.work, news.reading);
    return { version, counts: news.counts, summary };
  } catch (error) {
    await discard(connection, draft);
    throw error;
  }
}

async function detect(connection: DuckDBConnection, report: Report): Promise<void> {
  const found = await detectAnomalies(connection, {
    ...(await openDays(connection)),
    report: (message: string) => report({ stage: "detect", message }),
  });
  report({
    stage: "detect",
    message: `${found.anomalies} findings in ${found.series} watched series`,
    figures: { ...found },
  });
}
