// A served fixture and people who may see a part of it, for the tests that try to read across.
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { issueToken, signingKey } from "../server/auth.ts";
import type { Claims } from "../server/claims.ts";
import { CubeService } from "../server/cube-service.ts";
import { connectTo, type Connection } from "../server/with-cube.ts";
import { fixtureRows, publishMartsFixture } from "./marts-fixture.ts";

export const GERMAN: Claims = { role: "service", markets: ["DE"] };
export const ARIA: Claims = { role: "product", brands: ["Aria"] };
export const VIEWER: Claims = { role: "viewer" };
export const NARROW: Claims = { role: "viewer", markets: ["DE", "US"], brands: ["Nova"] };

export const key = signingKey("k".repeat(64));

export type AnswerRow = Record<string, string | number | null>;

export interface AccessWorld {
  readonly service: CubeService;
  /** Sees everything. */
  readonly manager: Connection;
  /** Up to and with `/cubejs-api`. */
  readonly base: string;
  ask(
    claims: Claims,
    route: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: string }>;
  /** Rows of all parts of the answer; throws what Cube says instead. */
  load(claims: Claims, query: object | object[], more?: object): Promise<AnswerRow[]>;
  /** The one number of an SQL text, run on the fixture directly. */
  expected(sql: string): Promise<number>;
  close(): Promise<void>;
}

export async function accessWorld(): Promise<AccessWorld> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "access-"));
  const publishedDirectory = path.join(folder, "published");
  const fixture = (await publishMartsFixture(publishedDirectory)).file;
  const service = await CubeService.create({ publishedDirectory, temporaryDirectory: path.join(folder, "tmp"), key });
  const manager = await connectTo(service, key);
  const base = manager.url.replace("/v1", "");

  const ask: AccessWorld["ask"] = async (claims, route, body, headers = {}) => {
    const token = issueToken(key, "session", 60, claims);
    const response = await fetch(`${base}${route}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}`, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.text() };
  };
  return {
    service,
    manager,
    base,
    ask,
    load: async (claims, query, more = {}) => {
      const { status, body } = await ask(claims, "/v1/load", { query, queryType: "multi", ...more });
      if (status !== 200) throw new Error(`${status} ${body}`);
      return (JSON.parse(body) as { results: { data: AnswerRow[] }[] }).results.flatMap(({ data }) => data);
    },
    expected: async (sql) => {
      const [row] = await fixtureRows(fixture, `select (${sql}) as n`);
      return Number(row?.n);
    },
    close: async () => {
      await service.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
