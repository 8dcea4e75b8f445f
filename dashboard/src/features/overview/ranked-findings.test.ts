import { expect, it } from "vitest";
import type { Anomaly } from "../../api/anomalies.ts";
import { rankedFindings } from "./ranked-findings.ts";

const finding = (anomaly_id: string, is_open: boolean, score: number, ended_on: string | null) =>
  ({ anomaly_id, is_open, score, ended_on }) as Anomaly;

it("open findings lead by strength, lately ended follow, older ones are left out", () => {
  const ranked = rankedFindings(
    [
      finding("ended-early", false, 99, "2026-10-01"),
      finding("weak", true, 2, null),
      finding("long-over", false, 50, "2026-06-03"),
      finding("ended-late", false, 1, "2026-11-10"),
      finding("strong", true, 8, null),
    ],
    "2026-11-22",
  );
  expect(ranked.map((entry) => entry.anomaly_id)).toEqual(["strong", "weak", "ended-late", "ended-early"]);
});
