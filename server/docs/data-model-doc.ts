// docs/data-model.md as text: views and measures down to the columns of exports, from the model and its SQL.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { loadDefinitions, type DefinitionCard } from "../../cube/server/definitions.ts";
import {
  MODEL_DIRECTORY,
  readModel,
  viewMembers,
  type Model,
  type ModelCube,
  type ModelView,
  type ViewMember,
} from "../../cube/server/model-files.ts";
import { ENTITIES } from "../../etl/entities.ts";
import { martColumnsOf } from "./measure-columns.ts";
import { projectLineage, type MartLineage, type ProjectLineage } from "./model-lineage.ts";
import { CONSTANT } from "./sql-lineage.ts";

const INTRODUCTION = `# Data model

Made by \`npm run docs\` from the model (\`cube/model\`), the definition cards and the SQL of \`etl/models\`, which DuckDB's own parser reads.
To follow a number back: its measure → the mart's columns → fields of the canonical entities → columns of exports.
Only what a value is made of is told, not what filters or joins; where the parser can't follow a name, it says so. What a figure means: [metrics](metrics.md);
what fields hold: [fields](fields.md). Mapping files can fill every field.
`;

/** More than these are named by entity only: an identity that is settled over all systems touches them all. */
const MAX_NAMED = 14;

/** Bookkeeping of the loader, in every table. */
const LOADER_COLUMNS = new Set(["file_id", "row_no", "record"]);

export async function dataModelDocument(): Promise<string> {
  const [model, lineage, { en }] = await Promise.all([readModel(), projectLineage(), loadDefinitions()]);
  const cards = new Map(en.map((card) => [card.id, card]));
  const views = await Promise.all(model.views.map((view) => viewSection(view, model, cards)));
  return [
    INTRODUCTION,
    "## Views: what queries name\n",
    ...views,
    "## Marts: what views read\n",
    ...lineage.marts.map(martSection),
    "## Entities: what exports fill\n",
    ...ENTITIES.map(({ name, fields }) =>
      entitySection(
        name,
        fields.map((field) => field.name),
        lineage,
      ),
    ),
  ].join("\n");
}

async function viewSection(view: ModelView, model: Model, cards: ReadonlyMap<string, DefinitionCard>): Promise<string> {
  const members = viewMembers(model, view);
  const dimensions = members.filter(({ kind }) => kind === "dimension");
  const measures = members.filter(({ kind }) => kind === "measure");
  return [
    `### ${view.name}\n`,
    `${view.description} Rows: ${await accessText(view.name)}.\n`,
    measures.length === 0
      ? ""
      : table(
          ["measure", "unit", "time", "mart columns", "rests on"],
          measures.map((member) => measureRow(view, member, cards)),
        ),
    table(["dimension", "type", "mart column"], dimensions.map(dimensionRow)),
  ]
    .filter(Boolean)
    .join("\n");
}

async function accessText(view: string): Promise<string> {
  const text = await readFile(path.join(MODEL_DIRECTORY, "views", `${view}.yml`), "utf8");
  const { views } = parse(text) as { views: { access?: { rows: "all" | Record<string, string> } }[] };
  const rows = views[0]?.access?.rows;
  if (rows === undefined) return "for the all-seeing only";
  if (rows === "all") return "the same for everybody";
  const cut = Object.entries(rows).map(([kind, member]) =>
    member === "none" ? `whatever the ${kind}` : `cut by ${kind}`,
  );
  return `${cut.join(", ")}${rows.brand ? "" : "; closed to people kept to brands"}`;
}

function measureRow(
  view: ModelView,
  { name, cube, member }: ViewMember,
  cards: ReadonlyMap<string, DefinitionCard>,
): string[] {
  const card = cards.get(`${view.name}.${name}`);
  const own = (id: string | null | undefined) => id?.split(".")[1];
  const rests = [
    ["n", own(card?.n)],
    ["coverage", own(card?.coverage)],
    ["immature", own(card?.immature)],
  ].flatMap(([what, of]) => (of ? [`${what}: \`${of}\``] : []));
  return [
    `\`${name}\` ${member.title ?? ""}`,
    member.format ?? unitOf(member.type),
    own(card?.time) ?? "",
    columnsText(cube, [...martColumnsOf(cube, member.name)]),
    rests.join(", "),
  ];
}

function unitOf(type: string): string {
  return type.startsWith("count") ? "count" : type;
}

function dimensionRow({ name, cube, member }: ViewMember): string[] {
  return [`\`${name}\` ${member.title ?? ""}`, member.type, columnsText(cube, [...martColumnsOf(cube, member.name)])];
}

function columnsText(cube: ModelCube, columns: readonly string[]): string {
  return columns.length === 0 ? `rows of ${cube.sql_table}` : `${cube.sql_table}: ${code(columns)}`;
}

function martSection({ mart, description, columns, upstream, unresolved }: MartLineage): string {
  const made =
    upstream.length === 0 ? "Made by detection/ or of the loader's own tables." : `Made of ${code(upstream)}.`;
  const lost = unresolved.length === 0 ? "" : ` Names not followed: ${code(unresolved)}.`;
  const rows = columns.map(({ name, description: meaning, origins }) => [`\`${name}\``, meaning, originsText(origins)]);
  return `### ${mart}\n\n${description} ${made}${lost}\n\n${table(["column", "meaning", "made of"], rows)}`;
}

/** `tickets: created_at, solved_at`, an entity each. */
function originsText(origins: ReadonlySet<string>): string {
  const groups = new Map<string, string[]>();
  for (const origin of [...origins].toSorted()) {
    if (origin === CONSTANT) continue;
    const [table_ = "", ...column] = origin.split(".");
    groups.set(table_, [...(groups.get(table_) ?? []), column.join(".")]);
  }
  if (origins.size > MAX_NAMED) return `${origins.size} fields of ${[...groups.keys()].join(", ")}`;
  return [...groups]
    .map(([table_, columns]) => `${table_}: ${columns.map((column) => `\`${column}\``).join(", ")}`)
    .join("; ");
}

function entitySection(entity: string, fields: readonly string[], { fields: filled }: ProjectLineage): string {
  const rows = fields.map((field) => {
    const sources = filled.get(`${entity}.${field}`) ?? [];
    return [
      `\`${field}\``,
      sources.map(({ source, columns }) => `${source}${exportText(columns)}`).join("; ") || "mapping files only",
    ];
  });
  return `### ${entity}\n\n${table(["field", "filled by (columns of the export)"], rows)}`;
}

function exportText(columns: readonly string[]): string {
  const named = columns.filter((column) => !LOADER_COLUMNS.has(column.split(".", 1).join()));
  if (named.length === 0) return " (fixed)";
  const shown = named.slice(0, MAX_NAMED).map((column) => `\`${column}\``);
  return ` (${shown.join(", ")}${named.length > MAX_NAMED ? ` and ${named.length - MAX_NAMED} more` : ""})`;
}

function code(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line), ""].join("\n");
}
