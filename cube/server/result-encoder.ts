// Pure-JS equivalent of the native getFinalQueryResult / getFinalQueryResultMulti:
// turns raw driver rows into the JSON body of /v1/load.

export type Row = Record<string, unknown>;
type Cell = string | boolean | null | object;

interface TimeDimension {
  dimension: string;
  granularity?: string | undefined;
  dateRange?: string[];
}

export interface NormalizedQuery {
  measures?: Member[];
  dimensions?: Member[];
  timeDimensions?: TimeDimension[];
  [key: string]: unknown;
}

type Member = string | { name: string };

export interface TransformRequest {
  aliasToMemberNameMap: Record<string, string>;
  annotation: Record<string, { type?: string }>;
  query: NormalizedQuery;
  queryType?: "regularQuery" | "compareDateRangeQuery" | "blendingQuery";
  resType?: "default" | "compact" | "columnar";
}

export interface ResultHead {
  query: NormalizedQuery;
  [key: string]: unknown;
}

export interface MultiResult {
  queryType: string;
  slowQuery: boolean;
  parts: { request: TransformRequest; head: ResultHead; rows: Row[] }[];
}

export function singleResult(request: TransformRequest, head: ResultHead, rows: Row[]): object {
  return { ...publicHead(head), data: transformRows(request, rows) };
}

export function multiResult({ queryType, slowQuery, parts }: MultiResult): object {
  return {
    queryType,
    results: parts.map(({ request, head, rows }) => singleResult(request, head, rows)),
    pivotQuery: pivotQuery(
      queryType,
      parts.map(({ head }) => publicQuery(head.query)),
    ),
    slowQuery,
  };
}

interface Column {
  member: string;
  read: (row: Row) => Cell;
}

/** Also the place where hidden members are refused: Cube relies on it for member-level access control. */
export function transformRows(request: TransformRequest, rows: Row[]) {
  const columns = rows.length === 0 ? noColumns(request) : planColumns(request, Object.keys(rows[0]!));
  const members = columns.map((column) => column.member);

  switch (request.resType) {
    case "compact":
      return { members, dataset: rows.map((row) => columns.map((column) => column.read(row))) };
    case "columnar":
      return { members, columns: columns.map((column) => rows.map((row) => column.read(row))) };
    default:
      return rows.map((row) => {
        const out: Record<string, Cell> = {};
        for (const column of columns) out[column.member] = column.read(row);
        return out;
      });
  }
}

function noColumns({ query, annotation }: TransformRequest): Column[] {
  for (const member of [...(query.measures ?? []), ...(query.dimensions ?? [])]) {
    assertVisible(typeof member === "string" ? member : member.name, annotation);
  }
  for (const { dimension, granularity } of query.timeDimensions ?? []) {
    if (granularity) assertVisible(dimension, annotation);
  }
  return [];
}

function planColumns(request: TransformRequest, aliases: string[]): Column[] {
  const { aliasToMemberNameMap, annotation, query } = request;
  const columns = aliases.map((alias): Column => {
    const member = aliasToMemberNameMap[alias];
    if (!member) throw new Error(`Member name not found for alias: '${alias}'`);
    assertVisible(member, annotation);
    return { member, read: cellReader(alias, annotation[member]?.type) };
  });
  return [...columns, ...bareTimeDimensions(columns, query), ...queryTypeColumn(columns, request)];
}

/** `orders.createdAt.day` is repeated as `orders.createdAt`, taken from the finest granularity present. */
function bareTimeDimensions(columns: Column[], query: NormalizedQuery): Column[] {
  const finest = new Map<string, { level: number; column: Column }>();
  for (const column of columns) {
    const [cube, dimension, granularity, ...rest] = column.member.split(".");
    if (!granularity || rest.length > 0) continue;
    const bare = `${cube}.${dimension}`;
    if (query.dimensions?.includes(bare)) continue;
    const level = GRANULARITY_LEVELS.indexOf(granularity);
    const rank = level === -1 ? GRANULARITY_LEVELS.length : level;
    const known = finest.get(bare);
    if (!known || known.level >= rank) finest.set(bare, { level: rank, column });
  }
  return [...finest].map(([member, { column }]) => ({ member, read: column.read }));
}

const GRANULARITY_LEVELS = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"];

function queryTypeColumn(columns: Column[], { query, queryType }: TransformRequest): Column[] {
  const first = query.timeDimensions?.[0];
  if (queryType === "compareDateRangeQuery") {
    if (first?.dateRange?.length !== 2) throw new Error("compareDateRange needs a time dimension with a date range");
    const range = first.dateRange.join(" - ");
    return [{ member: "compareDateRange", read: () => range }];
  }
  if (queryType === "blendingQuery") {
    if (!first?.granularity) throw new Error("A blending query needs a time dimension with a granularity");
    const source = columns.find((column) => column.member === `${first.dimension}.${first.granularity}`);
    return source ? [{ member: `time.${first.granularity}`, read: source.read }] : [];
  }
  return [];
}

function cellReader(alias: string, type: string | undefined): (row: Row) => Cell {
  return type === "time" ? (row) => timeCell(row[alias]) : (row) => cell(row[alias]);
}

function cell(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  return value;
}

function timeCell(value: unknown): Cell {
  if (value instanceof Date) return value.toISOString().slice(0, -1);
  return typeof value === "string" ? formatTime(value) : cell(value);
}

const TIMESTAMP = /^(\d{4}-\d{2}-\d{2})[ Tt](\d{2}:\d{2}:\d{2})(?:\.(\d+))?(?: ?(?:[A-Za-z]+|[+-]\d{2}:?\d{2}))?$/;

/** Wall-clock time with milliseconds and no zone; anything that is not a timestamp passes unchanged. */
export function formatTime(value: string): string {
  if (value.length === 24 && value.endsWith("Z")) return value.slice(0, 23);
  const match = TIMESTAMP.exec(value);
  return match ? `${match[1]}T${match[2]}.${(match[3] ?? "").slice(0, 3).padEnd(3, "0")}` : value;
}

function assertVisible(member: string, annotation: TransformRequest["annotation"]): void {
  if (!(member in annotation)) {
    throw new Error(
      `You requested hidden member: '${member}'. Please make it visible using \`public: true\`. ` +
        "Please note primaryKey fields are `public: false` by default.",
    );
  }
}

function publicHead(head: ResultHead): ResultHead {
  const present = Object.entries(head).filter(([, value]) => value !== null && value !== undefined);
  return { ...Object.fromEntries(present), query: publicQuery(head.query) };
}

const PUBLIC_QUERY_FIELDS = [
  "measures",
  "dimensions",
  "timeDimensions",
  "segments",
  "limit",
  "offset",
  "total",
  "totalQuery",
  "timezone",
  "renewQuery",
  "ungrouped",
  "responseFormat",
  "filters",
  "rowLimit",
  "order",
  "queryType",
];

function publicQuery(query: NormalizedQuery): NormalizedQuery {
  return Object.fromEntries(
    PUBLIC_QUERY_FIELDS.filter((field) => query[field] !== null && query[field] !== undefined).map((field) => [
      field,
      query[field],
    ]),
  );
}

function pivotQuery(queryType: string, queries: NormalizedQuery[]): NormalizedQuery {
  const [first] = queries;
  if (!first) throw new Error("A multi result needs at least one query");
  if (queryType === "compareDateRangeQuery") {
    return { ...first, dimensions: ["compareDateRange", ...(first.dimensions ?? [])], queryType };
  }
  if (queryType === "blendingQuery") {
    const granularity = queries.map((query) => query.timeDimensions?.[0]?.granularity).find(Boolean);
    return {
      ...first,
      measures: unique(queries.flatMap((query) => query.measures ?? [])),
      dimensions: unique(queries.flatMap((query) => query.dimensions ?? [])),
      timeDimensions: [{ dimension: "time", granularity }],
      queryType,
    };
  }
  return { ...first, queryType };
}

function unique<T>(values: T[]): T[] {
  return [...new Set(values)];
}
