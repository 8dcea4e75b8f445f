// Cube without the product's server running, for commands such as the alert mail.
import "./environment.ts";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Query } from "@cubejs-client/core";
import { AppError } from "../../shared/errors.ts";
import { issueToken, signingKey } from "./auth.ts";
import { CubeService } from "./cube-service.ts";
import { SnapshotMissingError, type ServedSnapshot } from "./published-snapshots.ts";

/** One element = one row; keys are member names (`service.tickets`), a time dimension also with its granularity. */
export type Row = Record<string, string | number | boolean | null>;

/** Runs a Cube query; numbers come as numbers, times as wall clock text `2026-11-22T00:00:00.000` in the reporting zone. */
export type Load = (query: Query) => Promise<Row[]>;

/** Cube refused or failed a query. */
export class CubeQueryError extends AppError {}

const TOKEN_SECONDS = 24 * 3600;
const LOOPBACK = "127.0.0.1";

/**
 * Starts Cube on a random loopback port, calls `work` with a way to query, and stops it, also on errors. All queries see the
 * one snapshot that is published at the start, even if another is published meanwhile.
 *
 * @param secret the installation's API secret: `secret(data, API_SECRET_NAME)`
 * @throws SnapshotMissingError when nothing readable is published, CubeQueryError when a query fails
 */
export async function withCube<T>(
  publishedDirectory: string,
  secret: string,
  work: (load: Load, snapshot: ServedSnapshot) => Promise<T>,
): Promise<T> {
  const key = signingKey(secret);
  const temporaryDirectory = await mkdtemp(path.join(os.tmpdir(), "aftersight-"));
  try {
    const service = await CubeService.create({ publishedDirectory, temporaryDirectory, key });
    try {
      const { served, switchError } = service.snapshots;
      if (!served) throw new SnapshotMissingError(switchError);
      const port = await service.listen({ host: LOOPBACK, port: 0 });
      const url = `http://${LOOPBACK}:${port}/cubejs-api/v1/load`;
      return await work(loader(url, issueToken(key, "service", TOKEN_SECONDS)), served);
    } finally {
      await service.close();
    }
  } finally {
    await rm(temporaryDirectory, { recursive: true, force: true });
  }
}

interface LoadAnswer {
  readonly error?: string;
  readonly data?: Record<string, unknown>[];
  readonly annotation?: Record<"measures" | "dimensions" | "timeDimensions", Record<string, { type?: string }>>;
}

function loader(url: string, token: string): Load {
  return async (query) => {
    for (;;) {
      const response = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
        body: JSON.stringify({ query }),
      });
      const answer = (await response.json()) as LoadAnswer;
      // Cube holds a request for ten seconds, then asks to come again.
      if (answer.error === "Continue wait") continue;
      if (!response.ok || !answer.data) {
        throw new CubeQueryError(answer.error ?? `Cube answered ${response.status}`, {
          advice: `Check the members of the query: ${JSON.stringify(query)}`,
        });
      }
      return answer.data.map((row) => parseRow(row, numericMembers(answer)));
    }
  };
}

function numericMembers({ annotation }: LoadAnswer): Set<string> {
  const members = Object.entries({ ...annotation?.measures, ...annotation?.dimensions });
  return new Set(members.filter(([, { type }]) => type === "number").map(([name]) => name));
}

/** Cube sends numbers as text, so that none loses digits on the way. */
function parseRow(row: Record<string, unknown>, numeric: ReadonlySet<string>): Row {
  const entries = Object.entries(row).map(([name, value]) => {
    return [name, numeric.has(name) && typeof value === "string" ? Number(value) : value];
  });
  return Object.fromEntries(entries) as Row;
}
