import { expect, it } from "vitest";
import { contributionsOf } from "../../api/product.ts";
import { mostOverRepresented } from "./over-represented.ts";

const units = (entries: Record<string, number>) =>
  Object.entries(entries).map(([value, count]) => ({ value, units: count }));

it("names the bad lot", () => {
  const rows = [
    ...contributionsOf("lot", units({ "L-22": 24, "L-21": 8 }), units({ "L-22": 120, "L-21": 880 })),
    ...contributionsOf("market", units({ DE: 18, FR: 14 }), units({ DE: 520, FR: 480 })),
  ];
  expect(mostOverRepresented(rows)).toMatchObject({ slice: "lot", value: "L-22" });
});

it("says nothing for few cases, unknown values, or shares within chance", () => {
  expect(mostOverRepresented(contributionsOf("lot", units({ A: 4 }), units({ A: 1, B: 99 })))).toBeNull();
  expect(mostOverRepresented(contributionsOf("lot", units({ unknown: 40 }), units({ unknown: 1, B: 99 })))).toBeNull();
  expect(mostOverRepresented(contributionsOf("market", units({ DE: 6, FR: 6 }), units({ DE: 30, FR: 70 })))).toBeNull();
});
