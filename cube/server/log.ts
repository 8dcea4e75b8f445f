// Cube's log events as JSON lines on stderr. Only the fields named here are written: Cube's own logger prints rejected
// tokens in clear, and its events carry queries with the values users filter by.
import pino from "pino";
import { SESSION_REFUSED } from "./auth.ts";

const WRITTEN = ["requestId", "duration", "error", "warning", "url"] as const;
const log = pino({ level: "warn", base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));

export function logCubeEvent(event: string, fields: Record<string, unknown>): void {
  if (!fields.error && !fields.warning) return;
  // A closed laptop's page asks again with an old session; that is no fault of the server.
  if (event === SESSION_REFUSED) return;
  const written = Object.fromEntries(WRITTEN.filter((name) => fields[name]).map((name) => [name, fields[name]]));
  if (typeof written.url === "string") written.url = written.url.split("?")[0];
  if (fields.error) log.error(written, event);
  else log.warn(written, event);
}
