// The session cookie: whoever can load the page from this machine may query. There is no sign-in.
import type { KeyObject } from "node:crypto";
import type { Request, RequestHandler, Response } from "express";
import {
  hasValidToken,
  issueToken,
  SESSION_COOKIE,
  SESSION_SECONDS,
  sessionCookie,
  tokenExpiry,
} from "../cube/server/auth.ts";

/** Sets the cookie unless a valid one with more than half of its life left came with the request. */
export function renewSession(key: KeyObject, request: Request, response: Response): void {
  const expiry = tokenExpiry(key, sessionCookie(request.headers.cookie));
  if (expiry !== null && expiry - Date.now() / 1000 > SESSION_SECONDS / 2) return;
  response.cookie(SESSION_COOKIE, issueToken(key, "session", SESSION_SECONDS), {
    httpOnly: true,
    sameSite: "strict",
    maxAge: SESSION_SECONDS * 1000,
    path: "/",
  });
}

export function requireSession(key: KeyObject): RequestHandler {
  return (request, response, next) => {
    if (hasValidToken(key, request.headers)) {
      // A page that stays open keeps its session; callers with a Bearer token hold none.
      if (!request.headers.authorization) renewSession(key, request, response);
      return next();
    }
    response.status(401).json({ error: "The session is missing, forged or expired.", advice: "Reload the page." });
  };
}
