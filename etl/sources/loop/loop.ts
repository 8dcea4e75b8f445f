// Loop Returns: returns with their items, from the API's list (plain, paginated, or kept under `data` by a tool) or from webhooks.
import type { Source } from "../source.ts";

export const loop: Source = {
  system: "loop",
  title: "Loop Returns",
  feeds: [
    {
      kind: "json",
      name: "returns",
      extensions: [".json", ".jsonl", ".ndjson"],
      arrays: ["returns", "data", "data.returns"],
      objects: ["return", "data.return"],
      // A list without an envelope, a webhook, one return a line.
      lineKeys: ["id", "state", "order_name"],
    },
  ],
  entities: ["returns"],
};
