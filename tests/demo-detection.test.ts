// What was injected into the demo is found; what only looks like a defect is not.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, inject, test } from "vitest";
import type { Truth, TruthEpisode } from "../etl/demo/truth.ts";
import { dataDirectory } from "../shared/data-directory.ts";
import { cubeSession } from "./support/cube-query.ts";

const data = dataDirectory(inject("demoDataRoot"));
const truth = JSON.parse(await readFile(path.join(data.inbox, "truth.json"), "utf8")) as Truth;

/** Episodes of one product's returns or complaints: what this version's watches can see. */
const PRODUCT_EPISODES = ["lot", "listing", "packaging", "ramp"];
/** Returns go on arriving after the last bad unit was shipped. */
const LAG_DAYS = 60;

interface Finding {
  readonly product: string;
  readonly reason: string;
  readonly detected: string;
  readonly isOpen: boolean;
}

async function findings(): Promise<Finding[]> {
  const load = await cubeSession(inject("demoServerUrl"));
  const rows = await load({
    dimensions: ["product_id", "reason", "detected_on", "is_open"].map((name) => `anomaly_report.${name}`),
  });
  return rows.map((row) => ({
    product: String(row["anomaly_report.product_id"]),
    reason: String(row["anomaly_report.reason"]),
    detected: String(row["anomaly_report.detected_on"]).slice(0, 10),
    isOpen: String(row["anomaly_report.is_open"]) === "true",
  }));
}

function explains(episode: TruthEpisode, finding: Finding): boolean {
  const end = episode.end === null ? "9999-12-31" : addDays(episode.end, LAG_DAYS);
  return (
    episode.product_ids.includes(finding.product) &&
    episode.reason === finding.reason &&
    finding.detected >= episode.onset &&
    finding.detected <= end
  );
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

const found = await findings();

test.each(truth.episodes.filter((episode) => PRODUCT_EPISODES.includes(episode.type)))(
  "the $type episode $id is found",
  (episode) => {
    const matching = found.filter((finding) => explains(episode, finding));
    expect(matching.length).toBeGreaterThan(0);
    expect(matching.some((finding) => finding.isOpen)).toBe(episode.end === null);
  },
);

test("nothing is found that was not injected: promotion, Black Friday, outages and a bulk return stay silent", () => {
  expect(truth.decoys.map((decoy) => decoy.type).sort()).toEqual(
    ["bulk_return", "outage_fba", "outage_tickets", "promotion", "sales_event"].sort(),
  );
  expect(found.filter((finding) => !truth.episodes.some((episode) => explains(episode, finding)))).toEqual([]);
});

test("the carrier crisis shows in the lane's late rate and the backlog in the team's reply times", async () => {
  const load = await cubeSession(inject("demoServerUrl"));
  const crisis = truth.episodes.find((episode) => episode.type === "carrier");
  const backlog = truth.episodes.find((episode) => episode.type === "backlog");
  if (!crisis?.carrier || !crisis.end || !backlog?.end) throw new Error("the demo has no carrier crisis or backlog");
  const lateRate = async (dateRange: [string, string]) => {
    const [row] = await load({
      measures: ["shipping.late_rate_of_tracked"],
      timeDimensions: [{ dimension: "shipping.sent_at", dateRange }],
      filters: [
        { member: "shipping.market", operator: "equals", values: [crisis.market] },
        {
          member: "shipping.carrier",
          operator: "equals",
          values: [String(crisis.carrier).toLowerCase(), String(crisis.carrier)],
        },
      ],
    });
    return Number(row?.["shipping.late_rate_of_tracked"]);
  };
  expect(await lateRate([crisis.onset, crisis.end])).toBeGreaterThan(0.4);
  expect(await lateRate([addDays(crisis.onset, -60), addDays(crisis.onset, -1)])).toBeLessThan(0.2);

  const median = async (dateRange: [string, string]) => {
    const [row] = await load({
      measures: ["service.first_response_minutes_median"],
      timeDimensions: [{ dimension: "service.created_at", dateRange }],
    });
    return Number(row?.["service.first_response_minutes_median"]);
  };
  expect(await median([backlog.onset, backlog.end])).toBeGreaterThan(
    2 * (await median([addDays(backlog.onset, -60), addDays(backlog.onset, -1)])),
  );
});
