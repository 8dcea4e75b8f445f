// Which columns of which tables a query's columns are made of, from DuckDB's own syntax tree. Values only: what merely filters or joins
// is not counted. A name that can't be resolved is reported, never guessed.

/** What a select gives itself, made of no column: `'USD' as currency`. */
export const CONSTANT = "(fixed)";

/** Functions through which a nested value keeps its shape, so that a path into the result is one into the argument. */
const KEEPS_SHAPE = new Set(
  "unnest json_transform coalesce ifnull list_extract array_extract list_filter list_sort list_concat list_distinct list_slice first any_value".split(
    " ",
  ),
);
/** Ends the name of an origin that went through another function: no path leads on into it. */
const SEALED = "\u0000";

/** A node of DuckDB's `json_serialize_sql`. */
export interface Node {
  readonly [key: string]: unknown;
}

/** `tickets.created_at`, a path into a nested column appended: `zendesk__tickets.record.via.channel`. */
export type Origins = ReadonlySet<string>;

/** A table's or a query's columns. */
export interface Relation {
  readonly columns: ReadonlyMap<string, Origins>;
  /** For tables whose columns are not listed anywhere: what a column of this name is; null where it can be none. */
  readonly other?: (column: string) => Origins | null;
}

export interface Lineage extends Relation {
  readonly unresolved: readonly string[];
}

interface Scope {
  readonly relations: readonly { readonly name: string; readonly relation: Relation }[];
  readonly outer?: Scope | undefined;
}

type Tables = (name: string) => Relation;
type Ctes = ReadonlyMap<string, Relation>;

const NONE: Origins = new Set();

/** @param tables what a table of this name (`staging.tickets`) holds */
export function lineageOf(statement: Node, tables: Tables): Lineage {
  const reader = new Reader(tables);
  const relation = reader.query(statement.node as Node, new Map());
  const columns = new Map([...relation.columns].map(([name, origins]) => [name, unsealed(origins)]));
  return { ...relation, columns, unresolved: [...reader.unresolved] };
}

function unsealed(origins: Origins): Origins {
  return new Set([...origins].map((origin) => origin.replace(SEALED, "")));
}

function sealed(origins: Origins): Origins {
  return new Set([...origins].map((origin) => (origin.endsWith(SEALED) ? origin : origin + SEALED)));
}

class Reader {
  readonly unresolved = new Set<string>();
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  query(node: Node, known: Ctes, outer?: Scope): Relation {
    const ctes = new Map(known);
    for (const { key, value } of entriesOf(node.cte_map)) {
      ctes.set(key, this.query((value.query as Node).node as Node, ctes, outer));
    }
    const parts = (node.children ?? [node.left, node.right].filter(Boolean)) as Node[];
    if (node.type !== "SELECT_NODE") return united(parts.map((part) => this.query(part, ctes, outer)));

    const scope: Scope = { relations: this.#from(node.from_table as Node, ctes, outer), outer };
    const columns = new Map<string, Origins>();
    const others: NonNullable<Relation["other"]>[] = [];
    for (const item of node.select_list as Node[]) {
      if (item.class === "STAR") this.#star(item, scope, ctes, columns, others);
      else if (isConstant(item)) columns.set(nameOf(item), new Set([CONSTANT]));
      else columns.set(nameOf(item), this.#origins(item, scope, ctes, columns));
    }
    return others.length === 0 ? { columns } : { columns, other: firstOf(others) };
  }

  #from(table: Node | undefined, ctes: Ctes, outer?: Scope): Scope["relations"] {
    if (!table) return [];
    if (table.type === "JOIN") {
      const left = this.#from(table.left as Node, ctes, outer);
      return [...left, ...this.#from(table.right as Node, ctes, { relations: left, outer })];
    }
    const relation = renamed(
      this.#relation(table, ctes, outer),
      (table.column_name_alias as string[] | undefined) ?? [],
    );
    return [{ name: textOf(table.alias) || textOf(table.table_name), relation }];
  }

  #relation(table: Node, ctes: Ctes, outer?: Scope): Relation {
    if (table.type === "BASE_TABLE") {
      const name = textOf(table.table_name);
      const cte = table.schema_name ? undefined : ctes.get(name);
      return cte ?? this.#tables(table.schema_name ? `${textOf(table.schema_name)}.${name}` : name);
    }
    if (table.type === "SUBQUERY") return this.query((table.subquery as Node).node as Node, ctes, outer);
    // Values, and functions of what stands before them: whatever column is asked for is made of their arguments.
    const arguments_ = this.#origins(table, { relations: [], outer }, ctes, new Map());
    return { columns: new Map(), other: () => arguments_ };
  }

  #star(
    item: Node,
    scope: Scope,
    ctes: Ctes,
    columns: Map<string, Origins>,
    others: NonNullable<Relation["other"]>[],
  ): void {
    const excluded = new Set([...((item.exclude_list as unknown[]) ?? [])].map(lastName));
    const wanted = textOf(item.relation_name) || null;
    for (const { name, relation } of scope.relations) {
      if (wanted !== null && name !== wanted) continue;
      for (const [column, origins] of relation.columns) {
        if (!excluded.has(column) && !columns.has(column)) columns.set(column, origins);
      }
      const { other } = relation;
      if (other) others.push((column) => (excluded.has(column) ? null : other(column)));
    }
    for (const { key, value } of entriesOf(item.replace_list)) {
      columns.set(key, this.#origins(value, scope, ctes, columns));
    }
  }

  #origins(node: unknown, scope: Scope, ctes: Ctes, aliases: ReadonlyMap<string, Origins>): Origins {
    if (Array.isArray(node)) return joined(node.map((part) => this.#origins(part, scope, ctes, aliases)));
    if (typeof node !== "object" || node === null) return NONE;
    const given = node as Node;
    if (given.class === "COLUMN_REF") return this.#column(given.column_names as string[], scope, aliases);
    if (given.class === "LAMBDA") return this.#lambda(given, scope, ctes, aliases);
    if (given.class === "SUBQUERY") {
      const inner = this.query((given.subquery as Node).node as Node, ctes, scope);
      return joined([...inner.columns.values(), this.#origins(given.child, scope, ctes, aliases)]);
    }
    const origins = joined(Object.values(given).map((part) => this.#origins(part, scope, ctes, aliases)));
    const isFunction = given.class === "FUNCTION" || given.class === "WINDOW";
    return isFunction && !KEEPS_SHAPE.has(textOf(given.function_name)) ? sealed(origins) : origins;
  }

  /** The parameters of a lambda are the elements of the list beside it, whose origins are counted there. */
  #lambda({ lhs, expr }: Node, scope: Scope, ctes: Ctes, aliases: ReadonlyMap<string, Origins>): Origins {
    const parameters = namesIn(lhs);
    const inner: Relation = { columns: new Map(parameters.map((name) => [name, NONE])) };
    return this.#origins(expr, { relations: [{ name: "", relation: inner }], outer: scope }, ctes, aliases);
  }

  #column(names: readonly string[], scope: Scope, aliases: ReadonlyMap<string, Origins>): Origins {
    for (let at: Scope | undefined = scope; at; at = at.outer) {
      const found = inScope(names, at) ?? (at === scope ? pathInto(aliases.get(names[0] ?? ""), names.slice(1)) : null);
      if (found) return found;
    }
    this.unresolved.add(names.join("."));
    return NONE;
  }
}

function inScope(names: readonly string[], { relations }: Scope): Origins | null {
  const [first = "", second, ...rest] = names;
  const qualified = second === undefined ? [] : relations.filter(({ name }) => name === first);
  for (const { relation } of qualified) {
    const found = columnOf(relation, second ?? "");
    if (found) return pathInto(found, rest);
  }
  for (const { relation } of relations) {
    const found = relation.columns.get(first);
    if (found) return pathInto(found, names.slice(1));
  }
  // A table's name alone is a row of it, whole.
  const whole = names.length === 1 ? relations.find(({ name }) => name === first) : undefined;
  if (whole) return joined([...whole.relation.columns.values()]);
  const others = relations.flatMap(({ relation }) => relation.other?.(first) ?? []);
  // Two tables of unlisted columns: nobody can tell whose it is.
  return others.length === 1 && others[0] ? pathInto(others[0], names.slice(1)) : null;
}

function columnOf(relation: Relation, column: string): Origins | null {
  return relation.columns.get(column) ?? relation.other?.(column) ?? null;
}

function pathInto(origins: Origins | undefined, path: readonly string[]): Origins | null {
  if (!origins) return null;
  const into = (origin: string) => (origin.endsWith(SEALED) ? origin : [origin, ...path].join("."));
  return path.length === 0 ? origins : new Set([...origins].map(into));
}

function joined(all: readonly Origins[]): Origins {
  return new Set(all.flatMap((origins) => [...origins]));
}

function firstOf(others: readonly NonNullable<Relation["other"]>[]): NonNullable<Relation["other"]> {
  return (column) => {
    const found = others.flatMap((other) => other(column) ?? []);
    return found.length === 1 ? (found[0] ?? null) : null;
  };
}

/** A union's columns go by position, under the first part's names. */
function united(parts: readonly Relation[]): Relation {
  const [first, ...rest] = parts;
  if (!first) return { columns: new Map() };
  const others = rest.map(({ columns }) => [...columns.values()]);
  const columns = [...first.columns].map(([name, origins], index): [string, Origins] => [
    name,
    joined([origins, ...others.map((values) => values[index] ?? NONE)]),
  ]);
  return { ...first, columns: new Map(columns) };
}

function renamed(relation: Relation, names: readonly string[]): Relation {
  if (names.length === 0 || relation.columns.size === 0) return relation;
  const columns = [...relation.columns].map(([name, origins], index): [string, Origins] => [
    names[index] ?? name,
    origins,
  ]);
  return { ...relation, columns: new Map(columns) };
}

/** DuckDB writes maps as `{map: [{key, value}]}` or as the list alone. */
function entriesOf(map: unknown): { key: string; value: Node }[] {
  const list = Array.isArray(map) ? map : (map as { map?: unknown } | undefined)?.map;
  return Array.isArray(list) ? (list as { key: string; value: Node }[]) : [];
}

function lastName(excluded: unknown): string {
  if (typeof excluded === "string") return excluded;
  const { column, column_names: names } = excluded as { column?: string; column_names?: string[] };
  return column ?? names?.at(-1) ?? "";
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function isConstant(item: Node): boolean {
  const value = item.class === "CAST" ? (item.child as Node) : item;
  return value.class === "CONSTANT" && (value.value as Node).is_null !== true;
}

function nameOf(item: Node): string {
  if (typeof item.alias === "string" && item.alias !== "") return item.alias;
  return item.class === "COLUMN_REF" ? ((item.column_names as string[]).at(-1) ?? "") : textOf(item.function_name);
}

function namesIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(namesIn);
  if (typeof node !== "object" || node === null) return [];
  const { column_names: names } = node as { column_names?: string[] };
  return names ? names.slice(-1) : Object.values(node).flatMap(namesIn);
}
