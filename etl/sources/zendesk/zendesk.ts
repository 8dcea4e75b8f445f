// Zendesk Support: tickets with their metrics, people, comments and satisfaction ratings, from the API or the account's JSON export.
import type { JsonFeed, Source } from "../source.ts";

const EXTENSIONS = [".json", ".jsonl", ".ndjson"];

const json = (name: string, arrays: string[], objects: string[], lineKeys: string[]): JsonFeed => ({
  kind: "json",
  name,
  extensions: EXTENSIONS,
  arrays,
  objects,
  lineKeys,
});

export const zendesk: Source = {
  system: "zendesk",
  title: "Zendesk Support",
  feeds: [
    // The account export names the requester as an object, the API by `requester_id`; both have these three keys.
    json("tickets", ["tickets"], ["ticket"], ["subject", "status", "created_at"]),
    json(
      "ticket_metrics",
      ["ticket_metrics", "metric_sets"],
      ["ticket_metric"],
      ["ticket_id", "reply_time_in_minutes"],
    ),
    json("users", ["users"], ["user"], ["email", "role"]),
    json(
      "satisfaction_ratings",
      ["satisfaction_ratings"],
      ["satisfaction_rating"],
      ["ticket_id", "requester_id", "score"],
    ),
    json("groups", ["groups"], ["group"], ["name", "default", "deleted"]),
    json("ticket_comments", ["ticket_comments", "comments"], ["comment"], ["ticket_id", "author_id", "public"]),
    {
      // Which custom field holds what differs from account to account, so the seller says it in this file.
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
  bases: ["tickets", "ticket_fields", "users"],
  entities: ["tickets", "ticket_metrics", "ticket_messages", "agents", "agent_groups", "customers", "survey_responses"],
};
