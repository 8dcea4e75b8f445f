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
    // A whole answer of the API: a page of trackings, or one tracking as `data` itself. The staging models open it. (Pages
    // beyond the size of one record come tracking by tracking, by the feed above.)
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
