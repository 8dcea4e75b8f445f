// Cube without the product's server running, for commands such as the alert mail.
import "./environment.ts";
import { mkdtemp, rm } from "node:fs/promises";
import type { KeyObject } from "node:crypto";
import os from "node:os";
import path from "node:path";
import type { Query } from "@cubejs-client/core";
import { issueToken, signingKey } from "./auth.ts";
import { CubeQueryError } from "./cube-query-error.ts";
import { CubeService } from "./cube-service.ts";
import { SnapshotMissingError, type ServedSnapshot } from "./published-snapshots.ts";

/** One element = one row; keys are member names (`service.tickets`), a time dimension also with its granularity. */
export type Row = Record<string, string | number | boolean | null>;

/** Runs a Cube query; numbers come as numbers, times as wall clock text `2026-11-22T00:00:00.000` in the reporting zone. */
export type Load = (query: Query) => Promise<Row[]>;

export interface QueriedSnapshot extends ServedSnapshot {
  /** Why an older version than the published one answers, or null. */
  readonly switchError: string | null;
}

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
  work: (load: Load, snapshot: QueriedSnapshot) => Promise<T>,
): Promise<T> {
  const key = signingKey(secret);
  const temporaryDirectory = await mkdtemp(path.join(os.tmpdir(), "aftersight-"));
  try {
    const service = await CubeService.create({ publishedDirectory, temporaryDirectory, key });
    try {
      const { served, switchError } = service.snapshots;
      if (!served) throw new SnapshotMissingError(switchError);
      const { load } = await connectTo(service, key);
      return await work(load, { ...served, switchError });
    } finally {
      await service.close();
    }
  } finally {
    await rm(temporaryDirectory, { recursive: true, force: true });
  }
}

export interface MetaMember {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  /** Of a dimension: `string`, `time` and so on. */
  readonly type?: string;
}

export interface MetaView extends MetaMember {
  readonly type: "cube" | "view";
  readonly measures: readonly MetaMember[];
  readonly dimensions: readonly MetaMember[];
}

export interface Connection {
  readonly url: string;
  /** For `Authorization: Bearer`. */
  readonly token: string;
  readonly load: Load;
  meta(): Promise<readonly MetaView[]>;
}

/** Lets a service listen on a random loopback port and returns a client of it. */
export async function connectTo(service: CubeService, key: KeyObject): Promise<Connection> {
  const port = await service.listen({ host: LOOPBACK, port: 0 });
  const url = `http://${LOOPBACK}:${port}/cubejs-api/v1`;
  const token = issueToken(key, "service", TOKEN_SECONDS);
  return {
    url,
    token,
    load: loader(`${url}/load`, token),
    meta: async () => {
      const response = await fetch(`${url}/meta`, { headers: { Authorization: `Bearer ${token}` } });
      return ((await response.json()) as { cubes: MetaView[] }).cubes;
    },
  };
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
        throw new CubeQueryError(answer.error ?? `Cube answered ${response.status}`, response.status, {
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
