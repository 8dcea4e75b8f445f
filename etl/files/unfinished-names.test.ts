import { expect, it } from "vitest";
import { isUnfinishedName, isUnfinishedPath } from "./unfinished-names.ts";

it.each([
  "orders.csv.part",
  "orders.csv.crdownload",
  "Unconfirmed 1234.crdownload",
  "orders.TMP",
  "orders.csv~",
  "~$orders.csv",
  ".orders.csv.x8Hd2",
  "orders.csv.filepart",
  "orders.csv.!ut",
])("%s is not whole yet", (name) => {
  expect(isUnfinishedName(name)).toBe(true);
  expect(isUnfinishedPath(`shopify/${name}`)).toBe(true);
});

it.each(["orders.csv", "parts.csv", "part", "temp-orders.csv", "orders.part1.csv", "downloads.json.gz", "tmp"])(
  "%s is an export",
  (name) => {
    expect(isUnfinishedName(name)).toBe(false);
  },
);

it("what lies in a hidden folder is hidden", () => {
  expect(isUnfinishedPath(".sync/orders.csv")).toBe(true);
});
