import { expect, it } from "vitest";
import type { Filters } from "../url-state/filters.ts";
import { viewFilters } from "./metrics.ts";

const FILTERS: Filters = {
  period: { from: "2026-10-26", to: "2026-11-23" },
  preset: "28d",
  comparison: "none",
  formerPeriod: null,
  markets: ["DE"],
  salesChannels: ["shopify"],
  contactChannels: ["chat"],
};

it("each view follows the filters it has a member for", () => {
  expect(viewFilters("service", FILTERS).map(({ member }) => member)).toEqual(["service.market", "service.channel"]);
  expect(viewFilters("logistics", FILTERS).map(({ member }) => member)).toEqual(["logistics.market"]);
});

it("rows of returns are the ones that count: completed", () => {
  expect(viewFilters("product_returns", { ...FILTERS, markets: [], salesChannels: [] })).toEqual([
    { member: "product_returns.is_completed", operator: "equals", values: ["true"] },
  ]);
});
