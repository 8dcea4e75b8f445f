// Sessions and service tokens: HS256 tokens signed with the installation's own secret.
import "./environment.ts";
import { createSecretKey, type KeyObject } from "node:crypto";
import jwt from "jsonwebtoken";
import { CubejsHandlerError } from "@cubejs-backend/api-gateway";
import { ALL_SEEING, canonicalClaims, type Claims } from "./claims.ts";

/** The name under which the signing secret is kept, see shared/secrets.ts. */
export const API_SECRET_NAME = "api";
export const SESSION_COOKIE = "aftersight_session";
export const SESSION_SECONDS = 12 * 3600;
export const SESSION_REFUSED = "The session is missing, forged or expired: reload the page.";
const ALGORITHM = "HS256";
const ISSUER = "aftersight";
const MINIMUM_SECRET_LENGTH = 32;

interface AuthenticatedRequest {
  headers: { cookie?: string | undefined };
  securityContext?: unknown;
}

/**
 * The key made of a secret; throws when it is too short to be one. A KeyObject also spares jsonwebtoken from first trying to
 * parse the secret as a public key, on every request.
 */
export function signingKey(secret: string): KeyObject {
  if (secret.length < MINIMUM_SECRET_LENGTH) {
    throw new Error(`The API secret must have at least ${MINIMUM_SECRET_LENGTH} characters`);
  }
  return createSecretKey(Buffer.from(secret));
}

/** A token for `Authorization: Bearer`, or for the session cookie. It sees everything unless `claims` say otherwise. */
export function issueToken(
  key: KeyObject,
  subject: "session" | "service",
  seconds: number,
  claims: Claims = ALL_SEEING,
): string {
  const canonical = canonicalClaims(claims);
  if (!canonical) throw new Error(`No token can be made of these claims: ${JSON.stringify(claims)}`);
  return jwt.sign(canonical, key, { algorithm: ALGORITHM, issuer: ISSUER, subject, expiresIn: seconds });
}

export interface Bearer {
  /** Epoch seconds. */
  readonly expiry: number;
  readonly claims: Claims;
}

/** Who holds a token; null when it is forged, expired, says not what its bearer may see, or is no token at all. */
export function readToken(key: KeyObject, token: string | undefined): Bearer | null {
  if (!token) return null;
  try {
    const payload = jwt.verify(token, key, { algorithms: [ALGORITHM], issuer: ISSUER });
    const claims = canonicalClaims(payload);
    return typeof payload === "object" && payload.exp && claims ? { expiry: payload.exp, claims } : null;
  } catch {
    return null;
  }
}

export function sessionCookie(cookieHeader: string | undefined): string | undefined {
  for (const part of (cookieHeader ?? "").split(";")) {
    const [name, ...value] = part.split("=");
    if (name?.trim() === SESSION_COOKIE) return value.join("=").trim();
  }
  return undefined;
}

/** `Authorization: Bearer` if there is one, else the session cookie. */
export function bearerOf(
  key: KeyObject,
  headers: { authorization?: string | undefined; cookie?: string | undefined },
): Bearer | null {
  return readToken(key, headers.authorization?.replace(/^Bearer\s+/i, "") ?? sessionCookie(headers.cookie));
}

/**
 * Cube's check. The security context holds nothing but canonical claims: Cube caches compiled SQL per distinct context, so
 * others like `exp` in it would make every session compile every query anew.
 */
export function cubeAuth(key: KeyObject) {
  return (request: AuthenticatedRequest, authorization?: string): void => {
    const bearer = readToken(key, authorization || sessionCookie(request.headers.cookie));
    if (bearer === null) throw new CubejsHandlerError(401, "Unauthorized", SESSION_REFUSED);
    request.securityContext = bearer.claims;
  };
}
