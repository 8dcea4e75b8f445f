import type { Express, RequestHandler, Response } from "express";
import {
  SnapshotMissingError,
  type PublishedSnapshots,
  type ServedSnapshot,
} from "../cube/server/published-snapshots.ts";

import type { PipelineStatus } from "./watch/inbox-watch.ts";

/** The body of `GET /api/status`. */
export interface ServerStatus extends Omit<ServedSnapshot, "servedSince"> {
  /** ISO 8601 with Z. */
  readonly servedSince: string;
  /** Why a newer version isn't served, or null. */
  readonly switchError: string | null;
  /** What the watched inbox's pipeline does; null when no inbox is watched. */
  readonly pipeline: PipelineStatus | null;
}

/** `GET /api/status`: which version is served; 503 as long as there is none. */
export function statusRoutes(app: Express, snapshots: PublishedSnapshots, pipeline: () => PipelineStatus | null): void {
  app.get("/api/status", dataGate(snapshots), (_request, response) => {
    const { served, switchError } = snapshots;
    if (!served) return refuse(snapshots, response);
    const status: ServerStatus = {
      ...served,
      servedSince: served.servedSince.toISOString(),
      switchError,
      pipeline: pipeline(),
    };
    response.set("Cache-Control", "no-store").json(status);
  });
}

/** Answers 503 with what to do as long as nothing is served. */
export function dataGate(snapshots: PublishedSnapshots): RequestHandler {
  return (_request, response, next) => {
    if (snapshots.served) return next();
    refuse(snapshots, response);
  };
}

function refuse(snapshots: PublishedSnapshots, response: Response): void {
  const { message, state, advice } = new SnapshotMissingError(snapshots.switchError);
  response.status(503).set({ "Cache-Control": "no-store", "Retry-After": "2" }).json({ error: message, state, advice });
}
