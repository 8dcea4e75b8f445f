// EasyPost's own recorded answers (test mode), read where they lie: as documented, or refused with a reason.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { PROJECT_ROOT } from "../../../shared/data-directory.ts";
import { withStagedInbox } from "../../models/testing/staged-inbox.ts";
import { easypost } from "./easypost.ts";

const RECORDED = path.resolve(PROJECT_ROOT, "../shared/data/easypost_trackers");
const isThere = existsSync(RECORDED);
if (!isThere) console.log(`Skipped: EasyPost's recorded answers are not at ${RECORDED}`);

interface Tracker {
  readonly id: string;
  readonly tracking_code: string;
  readonly updated_at: string;
  readonly tracking_details: readonly { readonly message: string; readonly datetime: string }[];
}

const texts = (prefix: string) =>
  Object.fromEntries(
    readdirSync(RECORDED).map((name) => [`${prefix}${name}`, readFileSync(path.join(RECORDED, name), "utf8")]),
  );

/** Every tracker anywhere in a document, found without the reader. */
function trackersIn(value: unknown): Tracker[] {
  if (typeof value !== "object" || value === null) return [];
  const own = (value as { object?: string }).object === "Tracker" ? [value as Tracker] : [];
  return [...own, ...Object.values(value).flatMap(trackersIn)];
}

const UNKNOWN = "gives no record: no known kind of record";

/** What is to become of a file: its trackers read, a batch (these hold no shipments) read as empty, all else refused. */
function documented(value: unknown) {
  const trackers = trackersIn(value).length;
  if (trackers > 0) return { status: "loaded", rows_read: trackers, message: "null" };
  if ((value as { object?: string }).object === "Batch")
    return { status: "loaded", rows_read: 0, message: "no records" };
  return { status: "refused", rows_read: 0, message: UNKNOWN };
}

describe.skipIf(!isThere)("recorded answers", () => {
  test("each file gives the trackers it holds, or is refused with what it holds instead", async () => {
    const files = texts("test-mode-");
    expect(Object.keys(files)).toHaveLength(25);
    await withStagedInbox(easypost, files, async (query) => {
      const loads = await query("select path, status, rows_read, message from raw.files order by path");
      const told = loads.map((load) => ({ ...load, message: String(load.message).slice(0, UNKNOWN.length) }));
      expect(told).toEqual(
        Object.entries(files).map(([name, text]) => ({ path: `easypost/${name}`, ...documented(JSON.parse(text)) })),
      );
    });
  });

  test("a tracker told in several answers is one parcel, its scans told once", async () => {
    const files = texts("test-mode-");
    const newest = new Map<string, Tracker>();
    const scans = new Set<string>();
    for (const tracker of Object.values(files).flatMap((text) => trackersIn(JSON.parse(text)))) {
      if ((newest.get(tracker.id)?.updated_at ?? "") <= tracker.updated_at) newest.set(tracker.id, tracker);
      for (const { datetime, message } of tracker.tracking_details)
        scans.add([tracker.id, datetime, message].join("|"));
    }
    await withStagedInbox(easypost, files, async (query) => {
      const parcels = await query(
        "select shipment_id as id, tracking_number as code from staging.shipments order by 1",
      );
      expect(parcels).toEqual(
        [...newest.values()]
          .map(({ id, tracking_code }) => ({ id, code: tracking_code }))
          .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      );
      const [counted] = await query(
        "select count(*) as n, count(*) filter (occurred_at_precision = 'local') as vague from carrier_events",
      );
      // City and zip without a country: the Z is not true.
      expect(counted).toEqual({ n: scans.size, vague: scans.size });
      expect(await query("select distinct state, carrier from shipments")).toEqual([
        { state: "label_created", carrier: "usps" },
      ]);
    });
  });

  test("what is of test mode is left out unless asked for", async () => {
    await withStagedInbox(easypost, texts(""), async (query) => {
      expect(await query("select 1 from shipments union all select 1 from carrier_events")).toEqual([]);
    });
  });
});
