// DNS rebinding: a foreign page can point its own name to 127.0.0.1 and then read answers as its own origin. Only
// requests that name this machine in their Host header are served.
import { isIP } from "node:net";
import os from "node:os";
import type { RequestHandler } from "express";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "::1"]);
const WILDCARD = new Set(["0.0.0.0", "::"]);

export function isLoopback(host: string): boolean {
  return LOOPBACK.has(host);
}

/** @param host the address the server listens on */
export function hostCheck(host: string): RequestHandler {
  const allowed = new Set([...LOOPBACK, ...(WILDCARD.has(host) ? ownNames() : [host.toLowerCase()])]);
  return (request, response, next) => {
    const name = hostName(request.headers.host);
    if (name !== undefined && allowed.has(name)) return next();
    response.status(403).json({
      error: "This address is not served.",
      advice: "Open Aftersight by the address it printed at start, or start it with --host and the name you use.",
    });
  };
}

/** The name or address of a Host header without port and brackets, in lower case. */
export function hostName(header: string | undefined): string | undefined {
  if (!header) return undefined;
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::\d+)?$/i.exec(header);
  const name = match?.[1] ?? match?.[2];
  return name && (match?.[1] === undefined || isIP(name) === 6) ? name.toLowerCase() : undefined;
}

function ownNames(): string[] {
  const addresses = Object.values(os.networkInterfaces()).flatMap((list) => list ?? []);
  return [os.hostname().toLowerCase(), ...addresses.map(({ address }) => address.toLowerCase())];
}
