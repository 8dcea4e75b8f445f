// What the seller may set for the pipeline: `<inbox>/aftersight.yml`, every key optional.
import { readFile } from "node:fs/promises";
import path from "node:path";
import iconv from "iconv-lite";
import { parse } from "yaml";
import { z } from "zod";
import { AppError, hasCode, messageOf } from "../../shared/errors.ts";
import { WEEK_STARTS } from "../../shared/week-start.ts";
import { calendarSettings, checkCalendarNames } from "../calendars/calendar-settings.ts";
import { LARGEST_UNPACKED_GB } from "../files/input-limits.ts";
import { agentSettings } from "./agent-settings.ts";
import { costSettings } from "./cost-settings.ts";
import { schemaProblems } from "./schema-problems.ts";
import { isTimeZone } from "./time-zones.ts";

export const SETTINGS_FILE = "aftersight.yml";

const timeZone = z.string().refine(isTimeZone, { error: "is not an IANA time zone such as Europe/Berlin" });
const currency = z.string().regex(/^[A-Z]{3}$/, { error: "must be an ISO 4217 code in upper case, e.g. EUR" });
const encoding = z.string().refine((name) => iconv.encodingExists(name), { error: "is not an encoding known here" });
const isoTime = z
  .union([z.string(), z.date()])
  .transform((value) => (value instanceof Date ? value.toISOString() : value))
  .refine((text) => /^\d{4}-\d{2}-\d{2}(T.*(Z|[+-]\d{2}:\d{2}))?$/.test(text) && !Number.isNaN(Date.parse(text)), {
    error: "must be an ISO time with an offset, e.g. 2025-06-30T00:00:00Z",
  });

const settingsSchema = z.strictObject({
  seller_name: z.string().min(1).default("My shop"),
  reporting_time_zone: timeZone.default("UTC"),
  reporting_currency: currency.default("USD"),
  week_start: z.enum(WEEK_STARTS).default("monday"),
  as_of: isoTime.optional(),
  exchange_rates: z.record(currency, z.number().positive()).default({}),
  is_demo: z.boolean().default(false),
  encodings: z.record(z.string(), encoding).default({}),
  time_zones: z.record(z.string(), timeZone).default({}),
  silent_shipment_days: z.int().min(1).max(90).default(7),
  largest_unpacked_gb: z.number().positive().default(LARGEST_UNPACKED_GB),
  ...calendarSettings,
  ...agentSettings,
  ...costSettings,
});

/**
 * `week_start`: day that weeks of reports begin on. `as_of`: "now" for maturity; default the latest event in the data. `exchange_rates`: one unit in the reporting currency.
 * `encodings`: text encoding of a system's files that are not Unicode, e.g. `{amazon_fba_returns: windows-1252}`.
 * `time_zones`: zone of a system whose exports write times without one, e.g. `{freshdesk: Europe/Berlin}`.
 * `silent_shipment_days`: a shipment under way without a scan for so many days is silent.
 * `largest_unpacked_gb`: a packed file that unpacks to more is refused.
 * `costs`: a rate card of after-sales per market; `refund_promise`: see cost-settings.ts.
 * `holidays`, `calendars`, `calendar_of`: business hours and days, see etl/calendars/README.md.
 * `agents`: see agent-settings.ts.
 */
export type RunSettings = z.infer<typeof settingsSchema>;

const NOTHING_CHANGED = "Nothing was read or changed; the served version stays.";

/** YAML's messages go on with an excerpt of the file. */
export function firstLine(message: string): string {
  return message.split("\n", 1).join().replace(/:$/, "");
}

/** @throws AppError naming the file, the key and what is allowed. */
export async function readRunSettings(inbox: string): Promise<RunSettings> {
  const file = path.join(inbox, SETTINGS_FILE);
  let text = "";
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    // A wrong inbox is told by extract.ts, in better words.
    if (!hasCode(error, "ENOENT") && !hasCode(error, "ENOTDIR")) throw unreadable(file, error);
  }
  return parseRunSettings(text, file);
}

function unreadable(file: string, error: unknown): AppError {
  return new AppError(`${file} cannot be read: ${messageOf(error)}`, {
    state: NOTHING_CHANGED,
    advice: "Make it a file that this user may read, or remove it.",
  });
}

export function parseRunSettings(text: string, file = SETTINGS_FILE): RunSettings {
  let content: unknown;
  try {
    content = parse(text) ?? {};
  } catch (error) {
    throw new AppError(`${file} is not valid YAML: ${firstLine(messageOf(error))}`, {
      state: NOTHING_CHANGED,
      advice: "Put that line right (`key: value`, two spaces inwards for what belongs to a key) and run again.",
    });
  }
  const parsed = settingsSchema.superRefine(checkCalendarNames).safeParse(content, { reportInput: true });
  if (parsed.success) return parsed.data;
  const problems = schemaProblems(parsed.error, Object.keys(settingsSchema.shape));
  throw new AppError(`${file} has settings that cannot be used: ${problems.join("; ")}`, {
    state: NOTHING_CHANGED,
    advice: "Change or remove these settings; etl/README.md tells what each means.",
  });
}
