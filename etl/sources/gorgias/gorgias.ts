// Gorgias: tickets with their messages and satisfaction surveys, from the API or a webhook.
import type { Source } from "../source.ts";

export const gorgias: Source = {
  system: "gorgias",
  title: "Gorgias",
  feeds: [
    {
      // Every list of the API stands under `data`, so tickets and surveys come by one feed; their keys tell them apart.
      kind: "json",
      name: "records",
      extensions: [".json", ".jsonl", ".ndjson"],
      arrays: ["data"],
      objects: ["ticket"],
      lineKeys: ["id", "created_datetime"],
    },
  ],
  bases: ["records", "messages", "conversations", "ticket_fields"],
  entities: ["tickets", "ticket_messages", "survey_responses"],
};
