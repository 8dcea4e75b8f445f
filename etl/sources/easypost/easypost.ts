// EasyPost: trackers with their scans, from the API or its webhooks, alone or inside the shipments they belong to.
import type { JsonFeed, Source } from "../source.ts";

const json = (
  name: string,
  arrays: readonly string[],
  objects: readonly string[],
  lineKeys: readonly string[],
): JsonFeed => ({ kind: "json", name, extensions: [".json", ".jsonl", ".ndjson"], arrays, objects, lineKeys });

export const easypost: Source = {
  system: "easypost",
  title: "EasyPost trackers",
  feeds: [
    json("trackers", ["trackers"], ["result", "tracker"], ["tracking_code", "status"]),
    // Only a shipment bears the seller's order number (`reference`).
    json("shipments", ["shipments"], [], ["tracker", "to_address"]),
  ],
  bases: ["trackers", "scans"],
  entities: ["shipments", "carrier_events"],
};
