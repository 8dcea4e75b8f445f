import { expect, it } from "vitest";
import { reasonShares } from "./reason-shares.ts";

const row = (reason: string, returns: number) => ({ reason, reason_group: "product", returns });

it("shares are of the classified returns and the rest is counted apart", () => {
  const shares = reasonShares(
    [row("quality_defect", 30), row("changed_mind", 10), row("unmapped", 5), row("no_reason", 5)],
    null,
  );
  expect(shares.rows.map(({ reason, share }) => [reason, share])).toEqual([
    ["quality_defect", 0.75],
    ["changed_mind", 0.25],
  ]);
  expect(shares).toMatchObject({ total: 50, unclassified: 10 });
});

it("a change is the difference of shares, also for a reason that is new", () => {
  const shares = reasonShares([row("quality_defect", 3), row("wrong_item", 1)], [row("quality_defect", 10)]);
  expect(shares.rows.map((entry) => entry.change)).toEqual([-0.25, 0.25]);
});

it("nothing classified gives no rows and no division by zero", () => {
  expect(reasonShares([row("unmapped", 4)], null)).toEqual({ rows: [], total: 4, unclassified: 4 });
});
