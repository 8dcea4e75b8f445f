import { expect, it } from "vitest";
import { contributionsOf } from "./product.ts";

it("sets a value's share of the returns against its share of the deliveries", () => {
  const rows = contributionsOf(
    "lot",
    [
      { value: "L-22", units: 15 },
      { value: "L-21", units: 5 },
      { value: "L-20", units: 0 },
    ],
    [
      { value: "L-21", units: 750 },
      { value: "L-22", units: 250 },
    ],
  );
  expect(rows.map((row) => [row.value, row.returnedShare, row.deliveredShare, row.lift])).toEqual([
    ["L-22", 0.75, 0.25, 3],
    ["L-21", 0.25, 0.75, 0.25 / 0.75],
  ]);
});

it("has no lift where nothing was delivered, instead of infinity", () => {
  expect(contributionsOf("market", [{ value: "DE", units: 2 }], [])).toMatchObject([
    { deliveredShare: null, lift: null },
  ]);
  expect(contributionsOf("market", [{ value: "DE", units: 2 }], [{ value: "FR", units: 9 }])).toMatchObject([
    { deliveredShare: 0, lift: null },
  ]);
});
