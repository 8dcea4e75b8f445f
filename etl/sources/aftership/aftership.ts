// AfterShip Tracking: trackings with their checkpoints, from the API (2025-01 or the older v4) or from webhooks; the admin's list.
import type { Source } from "../source.ts";

const EXTENSIONS = [".json", ".jsonl", ".ndjson"];

export const aftership: Source = {
  system: "aftership",
  title: "AfterShip Tracking",
  feeds: [
    {
      kind: "json",
      name: "trackings",
      extensions: EXTENSIONS,
      arrays: ["data.trackings", "trackings"],
      // One tracking is `data` itself today, `data.tracking` before.
      objects: ["data", "data.tracking", "msg", "tracking"],
      lineKeys: ["tracking_number", "slug"],
    },
    {
      kind: "delimited",
      name: "shipments_list",
      extensions: [".csv"],
      delimiter: ",",
      quote: '"',
      columns: [
        { name: "id", headers: ["id", "legacy id"] },
        { name: "tracking_number", headers: ["tracking number", "tracking no."], required: true },
        { name: "order_number", headers: ["order number", "order id"] },
        { name: "carrier", headers: ["carrier", "courier", "slug"] },
        { name: "status", headers: ["status", "delivery status", "tag"], required: true },
        { name: "sub_status", headers: ["sub-status", "delivery sub-status", "subtag"] },
        { name: "issues", headers: ["issues"] },
        { name: "origin", headers: ["origin", "origin country", "origin country/region"] },
        { name: "destination", headers: ["destination", "destination country", "destination country/region"] },
        { name: "estimated_delivery_date", headers: ["estimated delivery date", "expected delivery"] },
        { name: "updated_at", headers: ["updated at", "last updated at"] },
      ],
    },
  ],
  bases: ["trackings"],
  entities: ["shipments", "carrier_events"],
};
