// Figures with what they rest on: cases, coverage, maturity, completeness, version. The definition card of a measure names the
// measures that tell; they are asked for in the same query.
import { CubeQueryError } from "./cube-query-error.ts";
import type { CubeService } from "./cube-service.ts";
import { completenessOf, freshnessOf, type Completeness } from "./completeness.ts";
import type { Claims } from "./claims.ts";
import type { DefinitionCard } from "./definitions.ts";
import type { CubeResult } from "./cube-server.ts";

/** First and last day, both in it: `2026-01-01`, in the reporting zone. */
export type DateRange = readonly [from: string, to: string];

/** Of Cube's operators those on dimensions other than time, which `dateRange` is for. */
const OPERATORS = new Set(
  "equals notEquals contains notContains startsWith notStartsWith endsWith notEndsWith gt gte lt lte set notSet".split(
    " ",
  ),
);

/** A filter as Cube takes it. A member without its view (`market`) goes for every view that is asked. */
export type AnswerFilter =
  | { readonly member: string; readonly operator: string; readonly values?: readonly string[] | undefined }
  | { readonly and: readonly AnswerFilter[] }
  | { readonly or: readonly AnswerFilter[] };

export interface AnswerRequest {
  /** `<view>.<measure>` */
  readonly measures: readonly string[];
  /** All there is unless given. */
  readonly dateRange?: DateRange | undefined;
  readonly filters?: readonly AnswerFilter[] | undefined;
  /** A second period to answer for. */
  readonly compare?: DateRange | undefined;
}

/**
 * - `value`: there is a value.
 * - `no_data`: nothing happened here, or no export tells of it, or none reaches into the period.
 * - `not_computable`: there are rows, but none the figure could be computed from, e.g. no buyer is known or none has matured.
 */
export type AnswerState = "value" | "no_data" | "not_computable";

export interface Reading {
  readonly value: number | null;
  readonly state: AnswerState;
  /** How many cases the value is computed from; null for counts and sums, which are their own. */
  readonly n: number | null;
  /** Share of rows the figure could be told of, 0 to 1. */
  readonly coverage: number | null;
  /** Share that is too young to be in it, 0 to 1. */
  readonly immature_share: number | null;
  /** Whether the exports behind reach to the end of the period. */
  readonly is_complete: boolean | null;
}

export interface Answer<Target> extends Reading {
  readonly measure: string;
  readonly target: Target | null;
  readonly data_complete_to: string | null;
  /** The published version that answered. */
  readonly version: string;
  /** The same for the period compared with. */
  readonly compared?: Reading;
}

/** The question can't be asked like this; nothing was computed. */
export class AnswerRequestError extends CubeQueryError {}

/** One Cube query for the measures of a view that are placed by the same time. */
interface Group {
  readonly view: string;
  readonly time: string | null;
  readonly members: Set<string>;
}

export interface AnswerContext<Target> {
  readonly service: CubeService;
  readonly cards: ReadonlyMap<string, DefinitionCard>;
  readonly claims: Claims;
  readonly targetOf: (measure: string) => Target | null;
}

/** @throws AnswerRequestError when the question names what is not there, or not for these claims */
export async function answer<Target>(
  request: AnswerRequest,
  context: AnswerContext<Target>,
): Promise<Answer<Target>[]> {
  const { service, claims, targetOf } = context;
  const snapshot = service.snapshots.current;
  const asked = { securityContext: claims, snapshot: snapshot.id };
  const visible = await service.server.core.visibleMembers(asked);
  const cards = request.measures.map((measure) => cardOf(measure, context.cards, visible));
  const groups = groupsOf(cards, context.cards);
  const filters = request.filters ?? [];
  checkFilters(filters, groups, visible);

  const freshness = await freshnessOf(snapshot);
  const rows = new Map<Group, CubeResult["data"][0][]>();
  await Promise.all(
    groups.map(async (group) => {
      const results = await service.server.core.ask(queryOf(group, request, filters), asked);
      rows.set(
        group,
        results.map(({ data }) => data[0] ?? {}),
      );
    }),
  );
  return cards.map((card) => {
    const completeness = completenessOf(card.source, freshness);
    const read = (part: number, period: DateRange | undefined) =>
      readingOf(card, valuesOf(card, context.cards, groups, rows, part), completeness, period);
    return {
      measure: card.id,
      ...read(0, request.dateRange),
      target: targetOf(card.id),
      data_complete_to: completeness.dataCompleteTo,
      version: snapshot.version,
      ...(request.compare && { compared: read(1, request.compare) }),
    };
  });
}

function cardOf(
  measure: string,
  cards: ReadonlyMap<string, DefinitionCard>,
  visible: ReadonlyMap<string, unknown>,
): DefinitionCard {
  const card = cards.get(measure);
  if (!card || !visible.has(measure)) {
    throw new AnswerRequestError(`There is no figure ${measure}, or it is not open to you.`, 400, {
      advice: "GET /api/definitions lists the figures.",
    });
  }
  return card;
}

/** Coverage is told at its own time, so that it counts what the figure's time leaves out; the rest at the figure's. */
function groupsOf(asked: readonly DefinitionCard[], cards: ReadonlyMap<string, DefinitionCard>): Group[] {
  const groups = new Map<string, Group>();
  const add = (member: string | null, time: string | null) => {
    if (member === null) return;
    const view = viewOf(member);
    const group = groups.get(`${view} ${time}`) ?? { view, time, members: new Set() };
    group.members.add(member);
    groups.set(`${view} ${time}`, group);
  };
  for (const card of asked) {
    for (const member of [card.id, card.n, card.immature, card.rows]) add(member, card.time);
    add(card.coverage, coverageTime(card, cards));
  }
  return [...groups.values()];
}

function coverageTime(card: DefinitionCard, cards: ReadonlyMap<string, DefinitionCard>): string | null {
  return (card.coverage && cards.get(card.coverage)?.time) || card.time;
}

function queryOf({ view, time, members }: Group, request: AnswerRequest, filters: readonly AnswerFilter[]): object {
  const { dateRange, compare } = request;
  const period = compare ? { compareDateRange: [dateRange, compare] } : { dateRange };
  return {
    measures: [...members],
    ...(dateRange && time && { timeDimensions: [{ dimension: time, ...period }] }),
    filters: filters.flatMap((filter) => filterFor(view, filter) ?? []),
  };
}

/** A filter with its members in this view; null when it is about another view. */
function filterFor(view: string, filter: AnswerFilter): object | null {
  if ("member" in filter) {
    const member = filter.member.includes(".") ? filter.member : `${view}.${filter.member}`;
    return viewOf(member) === view ? { ...filter, member } : null;
  }
  const [kind, parts] = "and" in filter ? (["and", filter.and] as const) : (["or", filter.or] as const);
  const kept = parts.flatMap((part) => filterFor(view, part) ?? []);
  return kept.length === 0 ? null : { [kind]: kept };
}

function checkFilters(
  filters: readonly AnswerFilter[],
  groups: readonly Group[],
  visible: ReadonlyMap<string, unknown>,
): void {
  const views = [...new Set(groups.map(({ view }) => view))];
  for (const { member, operator } of leavesOf(filters)) {
    if (!OPERATORS.has(operator)) {
      throw new AnswerRequestError(`${member} can't be filtered by the operator ${operator}.`, 400, {
        advice: `There are ${[...OPERATORS].join(", ")}.`,
      });
    }
    const lacking = member.includes(".")
      ? [member].filter((name) => !visible.has(name)).map(viewOf)
      : views.filter((view) => !visible.has(`${view}.${member}`));
    if (lacking.length > 0) {
      throw new AnswerRequestError(
        `${lacking.join(", ")} can't be filtered by ${member}: there is no such dimension.`,
        400,
        {
          advice:
            "Ask these figures apart, or name the view the filter is for, e.g. service.channel. GET /cubejs-api/v1/meta lists dimensions.",
        },
      );
    }
  }
}

function leavesOf(filters: readonly AnswerFilter[]): Extract<AnswerFilter, { member: string }>[] {
  return filters.flatMap((filter) =>
    "member" in filter ? [filter] : leavesOf("and" in filter ? filter.and : filter.or),
  );
}

function viewOf(member: string): string {
  return member.split(".", 1).join();
}

type Values = Record<"value" | "n" | "coverage" | "immature" | "rows", number | null>;

function valuesOf(
  card: DefinitionCard,
  cards: ReadonlyMap<string, DefinitionCard>,
  groups: readonly Group[],
  rows: ReadonlyMap<Group, readonly CubeResult["data"][0][]>,
  part: number,
): Values {
  const valueOf = (member: string | null, time: string | null): number | null => {
    const group = groups.find(
      (candidate) => member !== null && candidate.time === time && candidate.members.has(member),
    );
    // A figure that no time places is the same for both periods.
    const found = group && (rows.get(group)?.[part] ?? rows.get(group)?.[0]);
    const value = member === null ? undefined : found?.[member];
    return value === undefined || value === null ? null : Number(value);
  };
  return {
    value: valueOf(card.id, card.time),
    n: valueOf(card.n, card.time),
    coverage: valueOf(card.coverage, coverageTime(card, cards)),
    immature: valueOf(card.immature, card.time),
    // What counts rows is nothing, and not unknown, where there are none.
    rows: card.rows === null ? null : (valueOf(card.rows, card.time) ?? 0),
  };
}

function readingOf(
  card: DefinitionCard,
  { value, n, coverage, immature, rows }: Values,
  { dataCompleteTo, hasSource }: Completeness,
  period: DateRange | undefined,
): Reading {
  const isBeyond = period !== undefined && dataCompleteTo !== null && period[0] > dataCompleteTo.slice(0, 10);
  // Nothing counted is 0 only where an export would have told of something.
  const isUntold = rows === 0 && (!hasSource || isBeyond);
  const hasValue = value !== null && !isUntold;
  const isEmpty = rows === null ? n === 0 : rows === 0;
  return {
    value: hasValue ? value : null,
    state: hasValue ? "value" : isUntold || isEmpty ? "no_data" : "not_computable",
    n: card.n === null ? null : (n ?? 0),
    coverage,
    immature_share: immature,
    is_complete: period === undefined || dataCompleteTo === null ? null : period[1] < dataCompleteTo.slice(0, 10),
  };
}
