// AfterShip Tracking: trackings with their checkpoints, from the API (2025-01 or the older v4) or from webhooks.
import type { Source } from "../source.ts";

export const aftership: Source = {
  system: "aftership",
  title: "AfterShip Tracking",
  feeds: [
    {
      kind: "json",
      name: "trackings",
      extensions: [".json", ".jsonl", ".ndjson"],
      arrays: ["data.trackings", "trackings"],
      objects: ["data.tracking", "data", "msg", "msg.tracking", "tracking"],
      lineKeys: ["tracking_number", "slug"],
    },
  ],
  entities: ["shipments", "carrier_events"],
};
