import express, { type Express } from "express";
import * as z from "zod";
import { answer, type AnswerFilter, type DateRange } from "../cube/server/answers.ts";
import type { CubeService } from "../cube/server/cube-service.ts";
import type { DefinitionCard } from "../cube/server/definitions.ts";
import type { TargetStore } from "../cube/server/target-store.ts";
import { handled, refuse } from "./refuse.ts";
import { claimsOf } from "./session.ts";

const day = z.iso.date();
const range = z.tuple([day, day]).refine(([from, to]) => from <= to, "the first day is after the last");

const filter: z.ZodType<AnswerFilter> = z.lazy(() =>
  z.union([
    z.strictObject({
      member: z.string().min(1),
      operator: z.string().min(1),
      values: z.array(z.string()).max(1000).optional(),
    }),
    z.strictObject({ and: z.array(filter).min(1).max(100) }),
    z.strictObject({ or: z.array(filter).min(1).max(100) }),
  ]),
);

const requestSchema = z
  .strictObject({
    measures: z.array(z.string()).min(1).max(100),
    dateRange: range.optional(),
    filters: z.array(filter).max(100).optional(),
    /** `previous`: as many days, just before. */
    compare: z.union([z.literal("previous"), range]).optional(),
  })
  .refine(({ dateRange, compare }) => compare === undefined || dateRange !== undefined, {
    message: "there is no dateRange to compare",
    path: ["compare"],
  });

export interface AnswerRoutesOptions {
  readonly service: () => CubeService;
  readonly cards: ReadonlyMap<string, DefinitionCard>;
  readonly targets: TargetStore;
}

/** `POST /api/answers`: figures with what they rest on; docs/api.md. */
export function answerRoutes(app: Express, { service, cards, targets }: AnswerRoutesOptions): void {
  const respond = handled(async (request, response) => {
    const parsed = requestSchema.safeParse(request.body);
    if (!parsed.success) return refuse(response, 400, `No such question: ${z.prettifyError(parsed.error)}`, EXAMPLE);
    const { compare, ...question } = parsed.data;
    const compared = compare === "previous" ? previous(question.dateRange) : compare;
    const standing = await targets.all();
    const targetOf = (measure: string) => {
      const target = standing.get(measure);
      return target ? { value: target.value, direction: target.direction, kind: target.kind } : null;
    };
    const answers = await answer(
      { ...question, ...(compared && { compare: compared }) },
      { service: service(), cards, claims: claimsOf(response), targetOf },
    );
    response.set("Cache-Control", "no-store").json({ ...(compared && { compared_with: compared }), answers });
  });
  app.post("/api/answers", express.json({ limit: "100kb" }), respond);
}

const EXAMPLE = 'Send {"measures": ["service.response_rate_24h"], "dateRange": ["2026-01-01", "2026-01-31"]}.';
const DAY_MS = 24 * 3600 * 1000;

function previous(period: DateRange | undefined): DateRange | undefined {
  if (!period) return undefined;
  const [from, to] = period.map((text) => Date.parse(`${text}T00:00:00Z`)) as [number, number];
  const text = (time: number) => new Date(time).toISOString().slice(0, 10);
  return [text(from - (to - from) - DAY_MS), text(from - DAY_MS)];
}
