// Amazon and tools that fetch from it leave a note instead of a table when a request found nothing: an empty file, nothing wrong.
import type { DelimitedFeed } from "./source.ts";

/** Nothing that a column could be called. */
const NOTES = ["no data", "no data available", "no data found", "no records found", "no results found", "done no data"];

/**
 * A feed for the note that stands where `feed`'s header would. It asks for one required column more than `feed` does, all of them the
 * note: a real header that lacks a column stays nearer to `feed` and is refused with what it lacks.
 */
export function noDataFeed(feed: DelimitedFeed): DelimitedFeed {
  const required = feed.columns.filter((column) => column.required).length;
  const columns = Array.from({ length: required + 1 }, (_, index) => ({
    name: `note_${index + 1}`,
    headers: [...NOTES, ...NOTES.map((note) => `${note}.`)],
    required: true,
  }));
  return { ...feed, name: `no_${feed.name}`, columns };
}
