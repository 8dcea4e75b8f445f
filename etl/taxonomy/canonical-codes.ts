// The codes that words may be mapped to: one list each of reasons, resolutions, event states, channels and ticket statuses, with labels.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { PROJECT_ROOT } from "../../shared/data-directory.ts";

/** The lists a seller can map words of; also the keys of taxonomy.yml. */
export const MAPS = [
  "reasons",
  "resolutions",
  "event_states",
  "contact_channels",
  "sales_channels",
  "ticket_statuses",
] as const;
export type MapName = (typeof MAPS)[number];

export interface CanonicalCode {
  readonly code: string;
  readonly labelEn: string;
  readonly labelZh: string;
}

const FILES: Readonly<Record<MapName, { file: string; column: string; kind?: string }>> = {
  reasons: { file: "reasons.csv", column: "reason" },
  resolutions: { file: "resolutions.csv", column: "resolution" },
  event_states: { file: "event_states.csv", column: "event_state" },
  contact_channels: { file: "channels.csv", column: "channel", kind: "contact" },
  sales_channels: { file: "channels.csv", column: "channel", kind: "sales" },
  ticket_statuses: { file: "ticket_statuses.csv", column: "status" },
};

/** What stands where nothing is known is no meaning of a word. */
const NO_MEANING: ReadonlySet<string> = new Set(["unmapped"]);

/** In the order of the file. */
export async function canonicalCodes(map: MapName): Promise<CanonicalCode[]> {
  const { file, column, kind } = FILES[map];
  const text = await readFile(path.join(PROJECT_ROOT, "etl/taxonomy", file), "utf8");
  const rows = parse<Record<string, string>>(text, { columns: true });
  return rows
    .filter((row) => kind === undefined || row.kind === kind)
    .map((row) => ({ code: row[column] ?? "", labelEn: row.label_en ?? "", labelZh: row.label_zh ?? "" }))
    .filter((each) => !NO_MEANING.has(each.code));
}
