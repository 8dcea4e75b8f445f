// The lineage of the whole way: exports' columns → canonical fields → mart columns, read from the models' SQL.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { parse } from "yaml";
import { ENTITIES, type Entity } from "../../etl/entities.ts";
import { DETECTED, MARTS } from "../../etl/models/models.ts";
import { queryRows, sqlString, withDuckDB } from "../../shared/duckdb.ts";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";
import { lineageOf, type Lineage, type Node, type Origins, type Relation } from "./sql-lineage.ts";

const MODELS_FOLDER = path.join(PROJECT_ROOT, "etl", "models");

export interface MartLineage {
  readonly mart: string;
  readonly description: string;
  /** In the mart's order, with what its .yml says of it. */
  readonly columns: readonly { readonly name: string; readonly description: string; readonly origins: Origins }[];
  /** Models it reads, at first hand and further up. */
  readonly upstream: readonly string[];
  /** Names the parser could not follow, here or further up. */
  readonly unresolved: readonly string[];
}

export interface FieldSource {
  readonly source: string;
  /** Columns of its export, as the reader calls them; empty where the reader gives a constant. */
  readonly columns: readonly string[];
}

export interface ProjectLineage {
  readonly marts: readonly MartLineage[];
  /** `<entity>.<field>` → who fills it. */
  readonly fields: ReadonlyMap<string, readonly FieldSource[]>;
}

export function projectLineage(): Promise<ProjectLineage> {
  return withDuckDB(":memory:", { threads: 1 }, async (connection) => {
    const library = await ModelLibrary.read(connection);
    const marts = await Promise.all([...MARTS, ...DETECTED].map(({ name }) => library.mart(name)));
    return { marts, fields: library.fields() };
  });
}

/** Every model file parsed, and followed when it is asked for. */
class ModelLibrary {
  readonly #statements: ReadonlyMap<string, Node>;
  readonly #done = new Map<string, Lineage>();
  readonly #reads = new Map<string, Set<string>>();

  private constructor(statements: ReadonlyMap<string, Node>) {
    this.#statements = statements;
  }

  static async read(connection: DuckDBConnection): Promise<ModelLibrary> {
    const statements = new Map<string, Node>();
    for (const entry of await readdir(MODELS_FOLDER, { recursive: true })) {
      if (!entry.endsWith(".sql")) continue;
      const sql = await readFile(path.join(MODELS_FOLDER, entry), "utf8");
      statements.set(path.basename(entry, ".sql"), await syntaxTree(connection, sql, entry));
    }
    return new ModelLibrary(statements);
  }

  async mart(mart: string): Promise<MartLineage> {
    const text = await readFile(path.join(MODELS_FOLDER, "marts", `${mart}.yml`), "utf8");
    const told = parse(text) as { description: string; columns: { name: string; description: string }[] };
    const lineage = this.#statements.has(mart) ? this.#lineage(mart) : null;
    const columns = told.columns.map(({ name, description }) => ({
      name,
      description,
      origins: (lineage && (lineage.columns.get(name) ?? lineage.other?.(name))) ?? new Set<string>(),
    }));
    const upstream = lineage ? [...this.#upstream(mart)].toSorted() : [];
    const unresolved = [mart, ...upstream].flatMap((name) => this.#done.get(name)?.unresolved ?? []);
    return {
      mart,
      description: told.description.trim(),
      columns,
      upstream,
      unresolved: [...new Set(unresolved)].toSorted(),
    };
  }

  /** Staging models are files `stg_<source>__<entity>`. */
  fields(): ReadonlyMap<string, readonly FieldSource[]> {
    const filled = new Map<string, FieldSource[]>();
    for (const model of [...this.#statements.keys()].toSorted()) {
      const [, source, entity] = /^stg_([a-z0-9_]+?)__([a-z_]+)$/.exec(model) ?? [];
      const fields = ENTITIES.find(({ name }) => name === entity)?.fields ?? [];
      if (source === undefined || fields.length === 0) continue;
      const { columns } = this.#lineage(model);
      for (const { name } of fields) {
        const origins = columns.get(name);
        // Nothing at all: the source has no such thing, and its model says null.
        if (!origins || origins.size === 0) continue;
        const of = [...origins].filter((origin) => origin.startsWith("raw.")).map(exportColumn);
        const key = `${entity}.${name}`;
        filled.set(key, [...(filled.get(key) ?? []), { source, columns: [...new Set(of)].toSorted() }]);
      }
    }
    return filled;
  }

  #lineage(model: string): Lineage {
    const known = this.#done.get(model);
    const statement = this.#statements.get(model);
    if (known || !statement) return known ?? { columns: new Map(), unresolved: [] };
    const reads = new Set<string>();
    this.#reads.set(model, reads);
    const lineage = lineageOf(statement, (table) => this.#table(table, reads));
    this.#done.set(model, lineage);
    return lineage;
  }

  #table(table: string, reads: Set<string>): Relation {
    const [schema = "", name = ""] = table.includes(".") ? table.split(".") : ["", table];
    // A mart may be called like the entity it is made of: staging.tickets, main.tickets.
    const entity = schema === "staging" ? ENTITIES.find((candidate) => candidate.name === name) : undefined;
    if (entity) return entityRelation(entity);
    if (schema !== "raw" && this.#statements.has(name)) {
      reads.add(name);
      return this.#lineage(name);
    }
    const label = schema === "raw" ? `raw.${name}` : name;
    return { columns: new Map(), other: (column) => new Set([`${label}.${column}`]) };
  }

  #upstream(model: string): Set<string> {
    const all = new Set<string>();
    for (const read of this.#reads.get(model) ?? []) {
      for (const name of [read, ...this.#upstream(read)]) all.add(name);
    }
    return all;
  }
}

/** `raw.zendesk__tickets.record.via.channel` → `via.channel`: JSON exports are kept as records. */
function exportColumn(origin: string): string {
  const [, , first = "", ...path] = origin.split(".");
  return first === "record" && path.length > 0 ? path.join(".") : [first, ...path].join(".");
}

async function syntaxTree(connection: DuckDBConnection, sql: string, file: string): Promise<Node> {
  const [row] = await queryRows<{ tree: string }>(connection, `select json_serialize_sql(${sqlString(sql)}) as tree`);
  const tree = JSON.parse(row?.tree ?? "{}") as { error?: boolean; error_message?: string; statements?: Node[] };
  const [statement] = tree.statements ?? [];
  if (tree.error || !statement)
    throw new Error(`etl/models/${file} can't be parsed: ${tree.error_message ?? "nothing in it"}`);
  return statement;
}

/** What the cast step makes of a field (etl/entities.ts) still is that field. */
function entityRelation({ name, fields }: Entity): Relation {
  const columns = new Map<string, Origins>();
  for (const field of fields) {
    const derived = field.type === "time" ? ["", "_local", "_precision", "_date"] : [""];
    for (const suffix of derived) columns.set(field.name + suffix, new Set([`${name}.${field.name}`]));
  }
  // Keys, references and tags that the way to staging adds to a row.
  return { columns, other: (column) => new Set([`${name}.${column}`]) };
}
