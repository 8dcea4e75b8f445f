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
    {
      // Which ticket field holds what differs from account to account, so the seller says it in this file.
      kind: "delimited",
      name: "custom_fields",
      isReference: true,
      extensions: [".csv"],
      delimiter: ",",
      quote: '"',
      columns: [
        { name: "field_id", headers: ["field_id", "id"], required: true },
        { name: "canonical_field", headers: ["canonical_field"], required: true },
      ],
    },
  ],
  bases: ["records", "messages", "conversations", "ticket_fields"],
  entities: ["tickets", "ticket_messages", "survey_responses"],
};
