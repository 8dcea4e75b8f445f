// What an export covers, and what of the shop's past is new to an export of the last days.
import { lastChange } from "./zendesk-ticket.ts";
import type { Order, ReturnCase, Survey, Ticket } from "../simulate/types.ts";
import { HOUR_MS, isoDay } from "../zones.ts";

/** Everything that had happened before `endMs`; with `sinceMs` only what is new or has changed since then, as it stands at `endMs`. */
export interface Extent {
  readonly endMs: number;
  readonly sinceMs?: number;
}

/** A part of a file's name: empty in a whole export; else it sorts after the numbers of the whole export's files. */
export function sincePart({ sinceMs }: Extent): string {
  return sinceMs === undefined ? "" : `since_${isoDay(sinceMs)}_`;
}

/** True when one of the times lies in the extent; always in a whole export. */
export function isNews({ sinceMs, endMs }: Extent, times: readonly (number | null)[]): boolean {
  return sinceMs === undefined || times.some((ms) => ms !== null && ms >= sinceMs && ms < endMs);
}

/** Refunds change an order too. */
export function isShopifyNews(extent: Extent, order: Order, returns: readonly ReturnCase[]): boolean {
  const { orderedAt, cancelledAt, delivery } = order;
  return isNews(extent, [orderedAt, cancelledAt, delivery.shippedAt, ...returns.map((each) => each.bookedAt)]);
}

/** Sellers ask Amazon for a little more than they need; its own clock of changes runs an hour behind. */
const AMAZON_LOOK_BACK_MS = 6 * HOUR_MS;

export function isAmazonNews(extent: Extent, order: Order): boolean {
  const sinceMs = extent.sinceMs === undefined ? undefined : extent.sinceMs - AMAZON_LOOK_BACK_MS;
  const { orderedAt, cancelledAt, delivery } = order;
  return isNews({ endMs: extent.endMs, ...(sinceMs === undefined ? {} : { sinceMs }) }, [
    orderedAt,
    cancelledAt,
    delivery.shippedAt,
  ]);
}

/** A new ticket becomes an open one by waiting. */
const STAYS_NEW_MS = 2 * HOUR_MS;

export function isTicketNews({ sinceMs, endMs }: Extent, ticket: Ticket): boolean {
  return sinceMs === undefined || ticket.at >= sinceMs - STAYS_NEW_MS || lastChange(ticket, endMs) >= sinceMs;
}

export function isSurveyNews(extent: Extent, survey: Survey): boolean {
  return isNews(extent, [survey.sentAt, survey.respondedAt]);
}
