// Which columns of its mart a member of a cube is computed from: its SQL, its filters, and those of the measures it names.
import type { ModelCube } from "../../cube/server/model-files.ts";

const OWN_COLUMN = /\{CUBE\}\.(\w+)/g;
const OTHER_MEMBER = /\{(?:CUBE\.)?(?!CUBE\})(\w+)\}/g;
const BARE_NAME = /^\w+$/;

export function martColumnsOf(cube: ModelCube, name: string, above: readonly string[] = []): Set<string> {
  const member = [...cube.dimensions, ...(cube.measures ?? [])].find((candidate) => candidate.name === name);
  if (!member) throw new Error(`Cube ${cube.name} has no member ${name}, which ${above.at(-1) ?? "a view"} names`);
  if (above.includes(name))
    throw new Error(`Members of cube ${cube.name} name each other: ${[...above, name].join(", ")}`);
  const texts = [member.sql ?? "", ...(member.filters ?? []).map(({ sql }) => sql)];
  const columns = new Set<string>();
  for (const text of texts) {
    if (BARE_NAME.test(text)) columns.add(text);
    for (const [, column = ""] of text.matchAll(OWN_COLUMN)) columns.add(column);
    for (const [, other = ""] of text.matchAll(OTHER_MEMBER)) {
      for (const column of martColumnsOf(cube, other, [...above, name])) columns.add(column);
    }
  }
  return columns;
}
