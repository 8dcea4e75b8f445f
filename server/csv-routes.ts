import { pipeline } from "node:stream/promises";
import { Readable } from "node:stream";
import express, { type Express } from "express";
import * as z from "zod";
import type { CubeService } from "../cube/server/cube-service.ts";
import { streamRows, type RowStream } from "../cube/server/row-stream.ts";
import { BYTE_ORDER_MARK, csvCell, csvLine } from "./csv-lines.ts";
import { handled, refuse, sendError } from "./refuse.ts";
import { claimsOf } from "./session.ts";

const requestSchema = z.strictObject({
  /** As for `/cubejs-api/v1/load`. */
  query: z.record(z.string(), z.unknown()),
  /** A byte order mark, by which Excel knows UTF-8. */
  bom: z.boolean().default(false),
  /** First line: the members' names, or their titles. */
  header: z.enum(["names", "titles"]).default("names"),
  name: z
    .string()
    .regex(/^[\w.-]{1,80}$/, "letters, digits, _ . and - only")
    .default("aftersight"),
});

type CsvRequest = z.output<typeof requestSchema>;

/** So many rows go out at once. */
const ROWS_A_PIECE = 500;

/** `POST /api/csv`: any query as a file, streamed; docs/api.md. */
export function csvRoutes(app: Express, service: () => CubeService): void {
  const respond = handled(async (request, response) => {
    const parsed = requestSchema.safeParse(request.body);
    if (!parsed.success) return refuse(response, 400, `No such table: ${z.prettifyError(parsed.error)}`, EXAMPLE);
    const table = await streamRows(service(), parsed.data.query, claimsOf(response));
    const pieces = piecesOf(table, parsed.data);
    // The first piece is made before anything is sent, so that a query that fails at once is answered in words.
    const first = await pieces.next();
    response.set({
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": `attachment; filename="${parsed.data.name}.csv"`,
      "Cache-Control": "no-store",
    });
    try {
      await pipeline(Readable.from(rejoin(first.value ?? "", pieces), { objectMode: true }), response);
    } catch (error) {
      // A reader who went away is no failure; who still reads must not take a part for the whole: the connection breaks.
      if (!response.destroyed) sendError(response, error);
    }
  });
  app.post("/api/csv", express.json({ limit: "100kb" }), respond);
}

const EXAMPLE = 'Send {"query": {"measures": ["service.tickets"], "dimensions": ["service.channel"]}}.';

async function* piecesOf({ columns, rows }: RowStream, { bom, header }: CsvRequest): AsyncGenerator<string> {
  const names = columns.map(({ member, title }) => csvCell(header === "titles" ? title : member, true));
  let piece = (bom ? BYTE_ORDER_MARK : "") + csvLine(names);
  const isText = columns.map(({ type }) => type === "string");
  let held = 0;
  for await (const row of rows()) {
    piece += csvLine(row.map((value, index) => csvCell(value, isText[index] ?? true)));
    held += 1;
    if (held % ROWS_A_PIECE > 0) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}

async function* rejoin(first: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
