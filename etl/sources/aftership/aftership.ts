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
      objects: ["data.tracking", "msg", "tracking"],
      lineKeys: ["tracking_number", "slug"],
    },
    // The answer for one tracking carries it as `data` itself, which is also where a list has its pages: the staging models
    // take only those answers whose `data` is a tracking.
    {
      kind: "json",
      name: "responses",
      extensions: EXTENSIONS,
      arrays: [],
      objects: [],
      lineKeys: ["meta", "data"],
    },
  ],
  entities: ["shipments", "carrier_events"],
};
