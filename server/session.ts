// The session cookie: whoever can load the page from this machine may query, and sees everything. There is no sign-in.
import type { KeyObject } from "node:crypto";
import type { Request, RequestHandler, Response } from "express";
import {
  bearerOf,
  issueToken,
  readToken,
  SESSION_COOKIE,
  SESSION_SECONDS,
  sessionCookie,
} from "../cube/server/auth.ts";
import type { Claims } from "../cube/server/claims.ts";

/** Sets the cookie unless a valid one with more than half of its life left came with the request. */
export function renewSession(key: KeyObject, request: Request, response: Response): void {
  const bearer = readToken(key, sessionCookie(request.headers.cookie));
  if (bearer !== null && bearer.expiry - Date.now() / 1000 > SESSION_SECONDS / 2) return;
  response.cookie(SESSION_COOKIE, issueToken(key, "session", SESSION_SECONDS, bearer?.claims), {
    httpOnly: true,
    sameSite: "strict",
    maxAge: SESSION_SECONDS * 1000,
    path: "/",
  });
}

export function requireSession(key: KeyObject): RequestHandler {
  return (request, response, next) => {
    const bearer = bearerOf(key, request.headers);
    if (bearer) {
      response.locals.claims = bearer.claims;
      // A page that stays open keeps its session; callers with a Bearer token hold none.
      if (!request.headers.authorization) renewSession(key, request, response);
      return next();
    }
    response.status(401).json({ error: "The session is missing, forged or expired.", advice: "Reload the page." });
  };
}

/** What the bearer of a request may see; only below `requireSession`. */
export function claimsOf(response: Response): Claims {
  return response.locals.claims as Claims;
}
