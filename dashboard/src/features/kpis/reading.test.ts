import { expect, it } from "vitest";
import { METRICS, type Metric } from "./metric-list.ts";
import { readingOf } from "./reading.ts";

function metric(id: Metric["id"]): Metric {
  const found = METRICS.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no metric ${id}`);
  return found;
}

it("an immature return rate says so instead of 0", () => {
  const current = { return_rate_30d: null, matured_units: 0, delivered_units: 812 };
  expect(readingOf(metric("return_rate"), current, null)).toEqual({
    state: "none",
    reason: "matured_units",
    waiting: 812,
  });
});

it("a 0 that only comes from nothing being matured is not shown as 0 %", () => {
  const current = { return_rate_30d: 0, matured_units: 0, delivered_units: 10 };
  expect(readingOf(metric("return_rate"), current, null).state).toBe("none");
});

it("a partly matured rate tells its share", () => {
  const current = { return_rate_30d: 0.05, matured_units: 300, delivered_units: 1200 };
  expect(readingOf(metric("return_rate"), current, null)).toMatchObject({ state: "value", maturedShare: 0.25, n: 300 });
});

it("repurchase without any known buyer is not computable for that reason", () => {
  const current = { repurchase_rate_90d: null, matured_returners_90d: 0, returners: 0, returns: 14 };
  expect(readingOf(metric("repurchase"), current, null)).toMatchObject({ reason: "identity" });
});

it("few cases are marked and not compared", () => {
  const current = { csat: 1, ratings: 3 };
  expect(readingOf(metric("csat"), current, { csat: 0.8, ratings: 90 })).toMatchObject({ isFew: true, delta: null });
});

it("a former period with few cases gives no comparison", () => {
  const current = { csat: 0.9, ratings: 80 };
  expect(readingOf(metric("csat"), current, { csat: 0.5, ratings: 2 })).toMatchObject({ isFew: false, delta: null });
});

it("a rate is compared in points, a duration relatively", () => {
  const csat = readingOf(metric("csat"), { csat: 0.9, ratings: 800 }, { csat: 0.85, ratings: 800 });
  expect(csat).toMatchObject({ delta: { kind: "points", tone: "good" } });
  const first = readingOf(
    metric("first_response"),
    { first_response_minutes_median: 120, answered_tickets: 50 },
    { first_response_minutes_median: 100, answered_tickets: 40 },
  );
  expect(first).toMatchObject({ delta: { kind: "relative", tone: "bad" } });
});

it("no orders is the number 0, because counting nothing is an answer", () => {
  expect(readingOf(metric("orders"), { orders: 0 }, null)).toMatchObject({ state: "value", value: 0 });
});

it("a change that chance explains is neither better nor worse", () => {
  const csat = readingOf(metric("csat"), { csat: 0.824, ratings: 751 }, { csat: 0.832, ratings: 760 });
  expect(csat).toMatchObject({ delta: { direction: "down", tone: "neutral", isWithinChance: true } });
});
