// What a caller gets when something can't be done: words, never a stack.
import type { Request, RequestHandler, Response } from "express";
import { CubeQueryError } from "../cube/server/cube-query-error.ts";
import { SnapshotMissingError } from "../cube/server/published-snapshots.ts";
import { AppError, messageOf } from "../shared/errors.ts";

export function refuse(response: Response, status: number, error: string, advice?: string): void {
  response.status(status).json({ error, ...(advice && { advice }) });
}

/** An error thrown on the way to an answer, as far as nothing was sent yet. */
export function sendError(response: Response, error: unknown): void {
  if (response.headersSent) return void response.destroy(error instanceof Error ? error : undefined);
  const { state, advice } = error instanceof AppError ? error : {};
  response.status(statusOf(error)).json({ error: messageOf(error), state, advice });
}

function statusOf(error: unknown): number {
  if (error instanceof CubeQueryError) return error.status;
  return error instanceof SnapshotMissingError ? 503 : 500;
}

/** A handler whose errors become answers. */
export function handled<Parameters extends Record<string, string>>(
  work: (request: Request<Parameters>, response: Response) => Promise<void> | void,
): RequestHandler<Parameters> {
  return (request, response) => {
    Promise.resolve()
      .then(() => work(request, response))
      .catch((error: unknown) => sendError(response, error));
  };
}
