// AfterShip Tracking: trackings with their checkpoints, from the API (2025-01 or the older v4) or from webhooks.
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
  ],
  bases: ["trackings"],
  entities: ["shipments", "carrier_events"],
};
