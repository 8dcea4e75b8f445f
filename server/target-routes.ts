import express, { type Express, type RequestHandler } from "express";
import * as z from "zod";
import { LANGUAGES, type DefinitionCard } from "../cube/server/definitions.ts";
import { DIRECTIONS, type DeliveredTargets } from "../cube/server/targets.ts";
import { LOCAL_USER, type StandingTarget, type TargetStore } from "../cube/server/target-store.ts";
import { claimsOf } from "./session.ts";
import { handled, refuse } from "./refuse.ts";

const change = z.strictObject({
  /** Null: back to the target as delivered, or to none. */
  target: z.strictObject({ value: z.number().min(-1e12).max(1e12), direction: z.enum(DIRECTIONS) }).nullable(),
});

export interface TargetRoutesOptions {
  readonly store: TargetStore;
  readonly delivered: DeliveredTargets;
  readonly cards: ReadonlyMap<string, DefinitionCard>;
  /** Measures that are shares, from 0 to 1. */
  readonly shares: ReadonlySet<string>;
}

/**
 * `GET /api/targets?lang=`, `PUT /api/targets/:measure` `{target: {value, direction} | null}`, `GET /api/targets/:measure/history`.
 */
export function targetRoutes(app: Express, { store, delivered, cards, shares }: TargetRoutesOptions): void {
  const known: RequestHandler<{ measure: string }> = (request, response, next) => {
    if (cards.has(request.params.measure)) return next();
    refuse(response, 404, `There is no figure ${request.params.measure}.`, "GET /api/definitions lists the figures.");
  };

  const list = handled(async (request, response) => {
    const language = LANGUAGES.find((name) => name === (request.query.lang ?? "en"));
    if (!language) return refuse(response, 400, "lang must be zh or en.");
    const standing = [...(await store.all()).values()].toSorted((a, b) => a.measure.localeCompare(b.measure));
    const inLanguage = ({ wording, ...target }: StandingTarget) => ({
      ...target,
      wording: wording?.[language] ?? null,
    });
    response.set("Cache-Control", "no-store").json({
      source: delivered.source[language],
      targets: standing.map(inLanguage),
      promises: delivered.promises.map((promise) => ({ ...promise, wording: promise.wording[language] })),
    });
  });

  const history = handled<{ measure: string }>(async (request, response) => {
    response.set("Cache-Control", "no-store").json(await store.history(request.params.measure));
  });

  const set = handled<{ measure: string }>(async (request, response) => {
    const { measure } = request.params;
    if (claimsOf(response).role !== "manager") {
      return refuse(response, 403, "Targets are set by managers.", "Ask a manager to change it.");
    }
    const parsed = change.safeParse(request.body);
    if (!parsed.success) return refuse(response, 400, `No target: ${z.prettifyError(parsed.error)}`, EXAMPLE);
    const { target } = parsed.data;
    if (target && shares.has(measure) && (target.value < 0 || target.value > 1)) {
      return refuse(response, 400, `${measure} is a share: its target is a number from 0 to 1, not ${target.value}.`);
    }
    await store.set(measure, target, LOCAL_USER);
    response.json((await store.all()).get(measure) ?? null);
  });

  app.get("/api/targets", list);
  app.get("/api/targets/:measure/history", known, history);
  app.put("/api/targets/:measure", known, express.json({ limit: "10kb" }), set);
}

const EXAMPLE = 'Send {"target": {"value": 0.95, "direction": "at_least"}}, or {"target": null} for the one delivered.';
