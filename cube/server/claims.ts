// Who asks: the claims of a token, which are all that Cube's security context holds. A restriction that is absent means "all".
import * as z from "zod";

export const ROLES = ["manager", "product", "service", "viewer"] as const;
export type Role = (typeof ROLES)[number];

export interface Claims {
  readonly role: Role;
  /** Only rows of these markets. */
  readonly markets?: readonly string[];
  /** Only rows of these brands. */
  readonly brands?: readonly string[];
}

/** The local session until there is a sign-in, and the product's own commands. */
export const ALL_SEEING: Claims = Object.freeze({ role: "manager" });

// An empty list would be dropped from a filter, which then lets everything through: it is refused here instead.
const names = z.array(z.string().trim().min(1)).min(1).max(500).optional();
const schema = z.object({ role: z.enum(ROLES), markets: names, brands: names });

/**
 * The claims in canonical order, so that two tokens which may see the same share compiled SQL and cached results; null when they
 * are none.
 */
export function canonicalClaims(value: unknown): Claims | null {
  const parsed = schema.safeParse(value);
  if (!parsed.success) return null;
  const { role, markets, brands } = parsed.data;
  return {
    role,
    ...(markets && { markets: [...new Set(markets)].toSorted() }),
    ...(brands && { brands: [...new Set(brands)].toSorted() }),
  };
}

/** Whether no policy of any view takes anything away: nothing has to be checked or cut then. */
export function isAllSeeing({ role, markets, brands }: Claims): boolean {
  return role === "manager" && !markets && !brands;
}

/** The one group of Cube's access policies these claims belong to. */
export function groupOf({ role, markets, brands }: Claims): string {
  const scope = [...(markets ? ["market"] : []), ...(brands ? ["brand"] : [])];
  return groupName(role, scope);
}

export function groupName(role: Role, scope: readonly string[]): string {
  return [role, ...scope].join(" by ");
}
