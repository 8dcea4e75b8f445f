// Who sees what of a view: its `access` (cube/model/views/*.yml) becomes Cube's access policies before Cube reads the model. One place
// for all views, and closed: a view without `access` is for the all-seeing only.
import { parse, stringify } from "yaml";
import * as z from "zod";
import { AppError } from "../../shared/errors.ts";
import { groupName, groupOf, ROLES, type Claims, type Role } from "./claims.ts";

const members = z.array(z.string()).default([]);

const accessSchema = z.strictObject({
  rows: z.union([
    /** Nothing in the view is about a market or a brand. */
    z.literal("all"),
    z.strictObject({
      /** The dimension that tells a row's market; `none` where rows have none, whoever asks. Without it, who is kept to markets sees nothing. */
      market: z.string().optional(),
      brand: z.string().optional(),
    }),
  ]),
  /** What a person wrote. */
  text: members,
  /** What tells one customer from another. */
  customer: members,
  /** Counts over the whole business, whatever the rows asked for. */
  totals: members,
});

type Access = z.output<typeof accessSchema>;

/** What a role may read beyond figures; everything else of a view is for every role. */
const READS: Readonly<Record<Role, { readonly text: boolean; readonly customer: boolean }>> = {
  manager: { text: true, customer: true },
  service: { text: true, customer: true },
  product: { text: true, customer: false },
  viewer: { text: false, customer: false },
};

const SCOPES = [[], ["market"], ["brand"], ["market", "brand"]] as const;
type Scope = (typeof SCOPES)[number];

/** What the policies' row filters read from the security context. */
const VALUES = { market: "security_context.markets", brand: "security_context.brands" } as const;

/** Cube's `contextToGroups`. */
export function groupsOf({ securityContext }: { securityContext: Claims }): string[] {
  return [groupOf(securityContext)];
}

interface ModelFile {
  readonly fileName: string;
  readonly content: string;
}

/** A model file with every view's `access` written out as `access_policy`; files of cubes stay as they are. */
export function withPolicies<File extends ModelFile>(file: File): File {
  const model: unknown = file.fileName.endsWith(".yml") ? parse(file.content) : null;
  if (!isViewFile(model)) return file;
  const views = model.views.map(({ access, ...view }) => ({
    ...view,
    access_policy: policiesOf(access === undefined ? null : parseAccess(access, file.fileName)),
  }));
  return { ...file, content: stringify({ ...model, views }) };
}

function isViewFile(model: unknown): model is { views: { access?: unknown }[] } {
  return typeof model === "object" && model !== null && "views" in model && Array.isArray(model.views);
}

function parseAccess(access: unknown, fileName: string): Access {
  const parsed = accessSchema.safeParse(access);
  if (parsed.success) return parsed.data;
  throw new AppError(`${fileName}: access: ${z.prettifyError(parsed.error)}`, {
    state: "The model is not served.",
    advice: "Say `rows: all`, or which dimensions tell market and brand; see cube/README.md.",
  });
}

function policiesOf(access: Access | null): object[] {
  if (access === null) return [policyOf({ rows: "all", text: [], customer: [], totals: [] }, ROLES[0], SCOPES[0], [])];
  return ROLES.flatMap((role) =>
    SCOPES.flatMap((scope) => {
      const filters = rowFilters(access.rows, scope);
      return filters === null ? [] : [policyOf(access, role, scope, filters)];
    }),
  );
}

/** Null when the view can't be cut to what the scope may see. */
function rowFilters(rows: Access["rows"], scope: Scope): object[] | null {
  if (rows === "all") return [];
  if (scope.some((kind) => rows[kind] === undefined)) return null;
  return scope
    .filter((kind) => rows[kind] !== "none")
    .map((kind) => ({ member: rows[kind], operator: "equals", values: VALUES[kind] }));
}

function policyOf(access: Access, role: Role, scope: Scope, filters: object[]): object {
  const masked = [
    ...(READS[role].text ? [] : access.text),
    ...(READS[role].customer ? [] : access.customer),
    ...(scope.length === 0 ? [] : access.totals),
  ];
  return {
    group: groupName(role, scope),
    row_level: filters.length === 0 ? { allow_all: true } : { filters },
    ...(masked.length > 0 && {
      member_level: { includes: "*", excludes: masked },
      member_masking: { includes: masked },
    }),
  };
}
