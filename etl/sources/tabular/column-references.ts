// Which columns of which file a mapping's expressions name.
import type { Expression, MappingSpec } from "./mapping-schema.ts";

/** Row number in its file (1 = first data row) and path in the inbox. */
export const PSEUDO_COLUMNS = new Set(["$row", "$file"]);

const PLACEHOLDER = /\{([^{}]+)\}/g;

export interface Reference {
  /** `as` of a joined file; undefined = the mapping's own files. */
  readonly join: string | undefined;
  readonly column: string;
}

/** `alias.column` names a joined file's column when there is such an alias; else the whole text is a column. */
export function parseReference(text: string, spec: MappingSpec): Reference {
  const dot = text.indexOf(".");
  const alias = dot < 0 ? undefined : text.slice(0, dot);
  if (alias !== undefined && spec.join.some((join) => join.as === alias)) {
    return { join: alias, column: text.slice(dot + 1) };
  }
  return { join: undefined, column: text };
}

export function templateColumns(template: string): string[] {
  return [...template.matchAll(PLACEHOLDER)].map((match) => match[1] ?? "");
}

function expressionColumns(expression: Expression): string[] {
  return [
    ...(expression.column === undefined ? [] : [expression.column]),
    ...(expression.concat ?? []),
    ...(expression.hash ?? []),
    ...(expression.product ?? []),
    ...(expression.template === undefined ? [] : templateColumns(expression.template)),
  ];
}

/** Columns to read, as the mapping writes them: of its own files (key undefined) and of each joined file. */
export function usedColumns(spec: MappingSpec): Map<string | undefined, string[]> {
  const texts = [
    ...Object.values(spec.columns).flatMap(expressionColumns),
    ...spec.where.map((condition) => condition.column),
    ...spec.join.flatMap((join) => Object.keys(join.on)),
  ];
  const used = new Map<string | undefined, Set<string>>([[undefined, new Set()]]);
  for (const join of spec.join) used.set(join.as, new Set(Object.values(join.on)));
  for (const text of texts) {
    if (PSEUDO_COLUMNS.has(text)) continue;
    const { join, column } = parseReference(text, spec);
    used.get(join)?.add(column);
  }
  return new Map([...used].map(([join, columns]) => [join, [...columns]]));
}
