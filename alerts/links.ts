// Addresses of the dashboard's pages that a mail links to; all state is in the URL.
import type { Anomaly } from "./anomaly.ts";

/** The product's page on the finding's reason, over the days that the mail's picture shows. */
export function findingUrl(baseUrl: string, anomaly: Anomaly, from: string, to: string): string {
  const query = new URLSearchParams({ reason: anomaly.reason, from, to });
  if (anomaly.reason === "all") query.delete("reason");
  return `${baseUrl}/products/${encodeURIComponent(anomaly.productId)}?${query}`;
}
