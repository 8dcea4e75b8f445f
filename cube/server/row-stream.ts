// A query's rows as they come, for downloads of any size: compiled, checked and cut like every other query, but neither queued, cached
// nor limited.
import { randomUUID } from "node:crypto";
import { CubeQueryError } from "./cube-query-error.ts";
import type { CubeService } from "./cube-service.ts";
import type { Claims } from "./claims.ts";
import { formatTime } from "./result-encoder.ts";
import { SnapshotDuckDBDriver } from "./snapshot-driver.ts";

export interface Column {
  /** `service.tickets`, a time with its granularity: `service.created_at.month`. */
  readonly member: string;
  readonly title: string;
  /** Cube's: `string`, `number`, `time`, `boolean`. */
  readonly type: string;
}

export interface RowStream {
  readonly columns: readonly Column[];
  /** Values in the order of the columns; ending early releases the snapshot. */
  readonly rows: () => AsyncGenerator<unknown[]>;
}

interface SqlQuery {
  readonly sql: [text: string, values: unknown[]];
  readonly aliasNameToMember: Readonly<Record<string, string>>;
}

interface NormalizedQuery {
  readonly measures?: readonly string[];
  readonly dimensions?: readonly string[];
  readonly timeDimensions?: readonly { readonly dimension: string; readonly granularity?: string }[];
}

/** What is used of Cube's gateway and orchestrator; seams.test.ts holds them to it. */
interface Gateway {
  getNormalizedQueries(query: object, context: object, persistent: boolean): Promise<[string, NormalizedQuery[]]>;
  getSqlQueriesInternal(context: object, queries: NormalizedQuery[]): Promise<SqlQuery[]>;
  getAdapterApi(context: object): Promise<{ getQueryOrchestrator(): Orchestrator }>;
}

type Tables = [string, { targetTableName: string }][];

interface Orchestrator {
  readonly preAggregations: PreAggregations;
  getQueryCache(): { constructor: { replacePreAggregationTableNamesInSql(sql: string, tables: Tables): string } };
}

interface PreAggregations {
  loadAllPreAggregationsIfNeeded(query: object): Promise<{
    preAggregationsTablesToTempTables: Tables;
    values: unknown[] | null;
  }>;
}

const ROWS_AHEAD = 4096;

/** @throws CubeQueryError when the query is wrong, or names what these claims may not see */
export async function streamRows(service: CubeService, query: object, claims: Claims): Promise<RowStream> {
  const snapshot = service.snapshots.current;
  const context = { securityContext: claims, snapshot: snapshot.id, requestId: randomUUID() };
  const gateway = service.server.core.gateway() as unknown as Gateway;
  const [, [normalized, ...others]] = await gateway.getNormalizedQueries(query, context, true).catch(refused);
  if (!normalized || others.length > 0)
    throw new CubeQueryError("A table holds one query: compare or blend apart.", 400);
  const columns = columnsOf(normalized, await service.server.core.visibleMembers(context));
  const [compiled] = await gateway.getSqlQueriesInternal(context, [normalized]).catch(refused);
  if (!compiled) throw new Error("Cube compiled nothing");

  const orchestrator = (await gateway.getAdapterApi(context)).getQueryOrchestrator();
  const prepared = { ...compiled, query: compiled.sql[0], values: compiled.sql[1], requestId: context.requestId };
  const { preAggregationsTablesToTempTables: tables, values } =
    await orchestrator.preAggregations.loadAllPreAggregationsIfNeeded(prepared);
  const sql = orchestrator.getQueryCache().constructor.replacePreAggregationTableNamesInSql(compiled.sql[0], tables);
  const aliasOf = new Map(Object.entries(compiled.aliasNameToMember).map(([alias, member]) => [member, alias]));
  const aliases = columns.map(({ member }) => aliasOf.get(member) ?? member);
  return {
    columns,
    rows: async function* () {
      const driver = new SnapshotDuckDBDriver(snapshot);
      const { rowStream, release } = await driver.stream(sql, values ?? compiled.sql[1], { highWaterMark: ROWS_AHEAD });
      try {
        for await (const row of rowStream as AsyncIterable<Record<string, unknown>>) {
          yield aliases.map((alias, index) => plain(row[alias], columns[index]?.type));
        }
      } finally {
        await release();
      }
    },
  };
}

/** What Cube's gateway throws carries no state of ours: the query is at fault. */
function refused(error: unknown): never {
  const { status, message } = error as { status?: number; message?: string };
  throw new CubeQueryError(message ?? String(error), status ?? 400, { cause: error });
}

type Visible = ReadonlyMap<string, { readonly shortTitle: string; readonly type: string }>;

function columnsOf(
  { dimensions = [], timeDimensions = [], measures = [] }: NormalizedQuery,
  visible: Visible,
): Column[] {
  const column = (member: string, suffix = ""): Column => {
    const known = visible.get(member);
    if (!known) throw new CubeQueryError(`${member} is not open to you.`, 403);
    return { member: member + suffix, title: known.shortTitle, type: known.type };
  };
  return [
    ...dimensions.map((member) => column(member)),
    ...timeDimensions.flatMap(({ dimension, granularity }) =>
      granularity ? [column(dimension, `.${granularity}`)] : [],
    ),
    ...measures.map((member) => column(member)),
  ];
}

function plain(value: unknown, type: string | undefined): unknown {
  if (type !== "time" || value === null || value === undefined) return value;
  if (value instanceof Date) return value.toISOString().slice(0, -1);
  return typeof value === "string" ? formatTime(value) : value;
}
