// Addresses of the dashboard's pages that a mail links to; all state is in the URL.
import type { Anomaly } from "./anomaly.ts";
import { addDays } from "./dates.ts";
import type { Language } from "./message.ts";

/** The product's page on this finding, over the days that the mail's picture shows; `lastDay` is included. */
export function findingUrl(
  baseUrl: string,
  anomaly: Anomaly,
  firstDay: string,
  lastDay: string,
  language: Language,
): string {
  // The pages' `to` is the first day that is not shown any more.
  const query = new URLSearchParams({
    anomaly: anomaly.anomalyId,
    from: firstDay,
    to: addDays(lastDay, 1),
    lang: language,
  });
  if (anomaly.reason !== "all") query.append("reason", anomaly.reason);
  // The dashboard's router undoes one layer for all but reserved signs, so `%` itself needs a second one.
  return `${baseUrl}/products/${encodeURIComponent(anomaly.productId.replaceAll("%", "%25"))}?${query}`;
}
