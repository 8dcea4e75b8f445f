// 17TRACK: parcels with their scans, from the tracking API (v2.2, v2.4) or from its webhooks.
import { inspectFile, KEY_VARIABLE } from "./inspect-file.ts";
import type { JsonFeed, Source } from "../source.ts";

const json = (
  name: string,
  arrays: readonly string[],
  objects: readonly string[],
  lineKeys: readonly string[],
): JsonFeed => ({ kind: "json", name, extensions: [".json", ".jsonl", ".ndjson"], arrays, objects, lineKeys });

export const SEVENTEENTRACK_FEEDS: readonly JsonFeed[] = [
  // Answers the seller fetched.
  json("parcels", ["data.accepted", "accepted"], [], ["number", "track_info"]),
  // The body of a webhook as it came, without its headers: nobody can check its sign any more.
  json("pushes", [], ["data"], []),
  // A webhook kept with its headers, the body as text.
  json("webhooks", [], [], ["headers", "body"]),
  json("rejected", ["data.rejected", "rejected", "data.errors"], [], []),
];

export const seventeentrack: Source = {
  system: "seventeentrack",
  title: "17TRACK",
  inspect: (file) => inspectFile(file, SEVENTEENTRACK_FEEDS),
  environment: [KEY_VARIABLE],
  feeds: SEVENTEENTRACK_FEEDS,
  bases: ["parcels", "moments", "scans"],
  entities: ["shipments", "carrier_events"],
};
