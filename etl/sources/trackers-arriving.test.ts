// Trackers' files as they arrive, one run after another, through the whole pipeline.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dataDirectory, type DataDirectory } from "../../shared/data-directory.ts";
import { queryRows, withDuckDB } from "../../shared/duckdb.ts";
import { runPipeline } from "../pipeline.ts";

let folder: string;
let inbox: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "aftersight-trackers-"));
  inbox = path.join(folder, "inbox");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, value: object): Promise<void> {
  await mkdir(path.dirname(path.join(inbox, name)), { recursive: true });
  await writeFile(path.join(inbox, name), JSON.stringify(value));
}

/** Runs and answers SQL on what is published. */
async function published(data: DataDirectory, ...statements: readonly string[]): Promise<unknown[]> {
  const { versionName } = await runPipeline({ inbox, data, report: () => {} });
  return withDuckDB(path.join(data.published, `${versionName}.duckdb`), { readOnly: true }, async (connection) => {
    const answers: unknown[] = [];
    for (const sql of statements) answers.push(await queryRows(connection, sql));
    return answers;
  });
}

const PARCELS = "select shipment_id as id, state, delivered_date from shipments order by 1";
const SCANS = "select shipment_id as id, event_state as state from carrier_events order by 1, occurred_at";

const seventeentrack = (sub_status: string, ...events: readonly (readonly [string, string])[]) => ({
  event: "TRACKING_UPDATED",
  data: {
    number: "RR1",
    carrier: 3011,
    tag: "1001",
    track_info: {
      latest_status: { status: sub_status.split("_")[0], sub_status },
      tracking: {
        providers: [
          {
            provider: { key: 3011, name: "China Post" },
            events: events.map(([time_iso, code]) => ({ time_iso, description: code, sub_status: code })),
          },
        ],
      },
    },
  },
});
const easypost = (updated_at: string, ...details: readonly (readonly [string, string])[]) => ({
  description: "tracker.updated",
  result: {
    id: "trk_1",
    object: "Tracker",
    mode: "production",
    tracking_code: "9400",
    carrier: "USPS",
    status: details.at(-1)?.[1],
    updated_at,
    tracking_details: details.map(([datetime, status]) => ({
      datetime,
      status,
      message: status,
      status_detail: "status_update",
    })),
  },
});

const PICKED = ["2026-01-02T10:00:00Z", "InTransit_PickedUp"] as const;
const OUT = ["2026-01-08T09:00:00Z", "OutForDelivery_Other"] as const;
const DONE = ["2026-01-08T15:00:00Z", "Delivered_Other"] as const;

test("webhooks that come late and in the wrong order end in what all of them together tell", async () => {
  const data = dataDirectory(path.join(folder, "data"));
  await put("seventeentrack/1.json", seventeentrack("OutForDelivery_Other", OUT, PICKED));
  await put("easypost/1.json", easypost("2026-01-03T00:00:00Z", ["2026-01-02T10:00:00Z", "in_transit"]));
  expect(await published(data, PARCELS)).toEqual([
    [
      { id: "RR1", state: "out_for_delivery", delivered_date: null },
      { id: "trk_1", state: "in_transit", delivered_date: null },
    ],
  ]);
  await put("seventeentrack/2.json", seventeentrack("Delivered_Other", DONE, OUT, PICKED));
  await put(
    "easypost/2.json",
    easypost("2026-01-09T00:00:00Z", ["2026-01-02T10:00:00Z", "in_transit"], ["2026-01-08T10:00:00Z", "delivered"]),
  );
  await published(data, PARCELS);
  // Sent before, come last
  await put("seventeentrack/3.json", seventeentrack("InTransit_PickedUp", PICKED));
  await put("easypost/3.json", easypost("2026-01-05T00:00:00Z", ["2026-01-02T10:00:00Z", "in_transit"]));
  const arrived = await published(data, PARCELS, SCANS);
  expect(arrived).toEqual([
    [
      { id: "RR1", state: "delivered", delivered_date: "2026-01-08" },
      { id: "trk_1", state: "delivered", delivered_date: "2026-01-08" },
    ],
    [
      { id: "RR1", state: "picked_up" },
      { id: "RR1", state: "out_for_delivery" },
      { id: "RR1", state: "delivered" },
      { id: "trk_1", state: "in_transit" },
      { id: "trk_1", state: "delivered" },
    ],
  ]);
  expect(await published(dataDirectory(path.join(folder, "anew")), PARCELS, SCANS)).toEqual(arrived);
});
