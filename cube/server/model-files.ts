// The model as its files say it: for what has to be known without a compiled model or published data.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";

export const MODEL_DIRECTORY = path.join(PROJECT_ROOT, "cube", "model");

export interface ModelMember {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly sql?: string;
  readonly type: string;
  readonly format?: string;
  readonly filters?: readonly { readonly sql: string }[];
  readonly public?: boolean;
}

export interface ModelCube {
  readonly name: string;
  readonly description?: string;
  readonly sql_table: string;
  readonly dimensions: readonly ModelMember[];
  readonly measures?: readonly ModelMember[];
}

interface ViewPart {
  readonly join_path: string;
  readonly includes: readonly (string | { readonly name: string; readonly alias?: string })[];
}

export interface ModelView {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly cubes: readonly ViewPart[];
}

export interface Model {
  readonly cubes: ReadonlyMap<string, ModelCube>;
  readonly views: readonly ModelView[];
}

export interface ViewMember {
  /** In the view. */
  readonly name: string;
  readonly kind: "measure" | "dimension";
  readonly cube: ModelCube;
  readonly member: ModelMember;
}

export async function readModel(): Promise<Model> {
  const cubes = await readAll<ModelCube>("cubes");
  const views = await readAll<ModelView>("views");
  return { cubes: new Map(cubes.map((cube) => [cube.name, cube])), views };
}

async function readAll<Part>(kind: "cubes" | "views"): Promise<Part[]> {
  const folder = path.join(MODEL_DIRECTORY, kind);
  const files = (await readdir(folder)).filter((name) => name.endsWith(".yml")).toSorted();
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), "utf8")));
  return texts.flatMap((text) => (parse(text) as Record<typeof kind, Part[]>)[kind]);
}

/** The members of a view with the cube each comes from. */
export function viewMembers({ cubes }: Model, view: ModelView): ViewMember[] {
  return view.cubes.flatMap(({ join_path: path_, includes }) => {
    const cube = cubes.get(path_.split(".").at(-1) ?? "");
    if (!cube) throw new Error(`View ${view.name} includes ${path_}, which is no cube`);
    return includes.map((included): ViewMember => {
      const [name, alias] = typeof included === "string" ? [included, included] : [included.name, included.alias];
      const dimension = cube.dimensions.find((candidate) => candidate.name === name);
      const member = dimension ?? cube.measures?.find((candidate) => candidate.name === name);
      if (!member) throw new Error(`View ${view.name} includes ${name}, which cube ${cube.name} does not have`);
      return { name: alias ?? name, kind: dimension ? "dimension" : "measure", cube, member };
    });
  });
}

/** `<view>.<measure>` of all measures that are shares, 0 to 1. */
export function shareMeasures(model: Model): Set<string> {
  const shares = model.views.flatMap((view) =>
    viewMembers(model, view)
      .filter(({ kind, member }) => kind === "measure" && member.format === "percent")
      .map(({ name }) => `${view.name}.${name}`),
  );
  return new Set(shares);
}
