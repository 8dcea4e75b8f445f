// Where every API path (REST, GraphQL, dry run, SQL API) has its query checked against what the asker may see.
import "./environment.ts";
import { CubejsHandlerError } from "@cubejs-backend/api-gateway";
import { CompilerApi } from "@cubejs-backend/server-core/dist/src/index.js";
import { isAllSeeing, type Claims } from "./claims.ts";

interface AskedQuery {
  readonly measures?: readonly unknown[];
  readonly dimensions?: readonly unknown[];
  readonly segments?: readonly unknown[];
  readonly timeDimensions?: readonly { readonly dimension?: unknown }[];
  readonly filters?: readonly AskedFilter[];
  readonly order?: unknown;
  readonly subqueryJoins?: readonly unknown[];
}

interface AskedFilter {
  readonly member?: unknown;
  readonly dimension?: unknown;
  readonly and?: readonly AskedFilter[];
  readonly or?: readonly AskedFilter[];
}

type Context = { readonly securityContext: Claims };

export class GuardedCompilerApi extends CompilerApi {
  #publicMembers: { compilers: unknown; names: Set<string> } | undefined;

  /** Cube's row-level security passes the request id as an option, where it defeats the cache of compiled SQL. */
  override getSql(query: never, { requestId: _ignored, ...options }: { requestId?: string } = {}) {
    return super.getSql(query, options);
  }

  /**
   * Policies stand on views. Members of private cubes are therefore refused wherever a query names them: Cube hides them from
   * answers only, and a filter on one would let through what a view's policy masks.
   */
  override async applyRowLevelSecurity(query: AskedQuery, evaluated: never, context: Context) {
    const names = await this.#names();
    const hidden = membersOf(query).filter((member) => !names.has(member));
    if (hidden.length > 0) {
      throw new CubejsHandlerError(400, "User Error", `No such member, or a hidden member: ${hidden.join(", ")}.`);
    }
    // Cube would compile the query once more and look at every member's policies, only to change nothing.
    if (isAllSeeing(context.securityContext)) return { query, denied: false } as never;
    return super.applyRowLevelSecurity(query as never, evaluated, context);
  }

  override async patchVisibilityByAccessPolicy(compilers: never, context: Context, cubes: never) {
    if (isAllSeeing(context.securityContext)) return { cubes, visibilityMaskHash: null } as never;
    return super.patchVisibilityByAccessPolicy(compilers, context, cubes);
  }

  /** Cube's would be another one for every request, since contexts hold its id. */
  override hashRequestContext(context: never): string {
    return JSON.stringify((context as Context).securityContext);
  }

  async #names(): Promise<Set<string>> {
    const compilers = await this.getCompilers();
    if (this.#publicMembers?.compilers !== compilers) {
      this.#publicMembers = { compilers, names: publicMembers(compilers) };
    }
    return this.#publicMembers.names;
  }
}

interface CompiledModel {
  readonly metaTransformer: {
    readonly cubes: readonly {
      readonly config: { readonly name: string; readonly isVisible: boolean } & Record<
        "measures" | "dimensions" | "segments",
        { name: string; isVisible: boolean }[]
      >;
    }[];
  };
}

function publicMembers({ metaTransformer: { cubes } }: CompiledModel): Set<string> {
  // Expressions of the SQL API name the view they read; Cube checks what is in them.
  const members = cubes.flatMap(({ config }) => [config, ...config.measures, ...config.dimensions, ...config.segments]);
  return new Set(members.filter(({ isVisible }) => isVisible).map(({ name }) => name));
}

/** Every member a query names, wherever it does. A time dimension's granularity is no part of the name. */
function membersOf(query: AskedQuery): string[] {
  const inFilters = (filters: readonly AskedFilter[]): unknown[] =>
    filters.flatMap(({ member, dimension, and, or }) => [
      member,
      dimension,
      ...inFilters([...(and ?? []), ...(or ?? [])]),
    ]);
  const asked = [
    ...(query.measures ?? []),
    ...(query.dimensions ?? []),
    ...(query.segments ?? []),
    ...(query.timeDimensions ?? []).map(({ dimension }) => dimension),
    ...inFilters(query.filters ?? []),
    ...orderedBy(query.order),
  ];
  const names = asked.filter((member) => member !== undefined).map(nameOf);
  return [...new Set(names.map((name) => name.split(".").slice(0, 2).join(".")))];
}

function orderedBy(order: unknown): unknown[] {
  if (!Array.isArray(order)) return typeof order === "object" && order !== null ? Object.keys(order) : [];
  return order.map((entry: unknown) => (Array.isArray(entry) ? entry[0] : (entry as { id?: unknown }).id));
}

function nameOf(member: unknown): string {
  if (typeof member === "string") return member;
  const { cubeName } = (member ?? {}) as { cubeName?: unknown };
  return typeof cubeName === "string" ? cubeName : JSON.stringify(member);
}
