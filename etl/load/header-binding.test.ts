import { describe, expect, it } from "vitest";
import { bindHeader, chooseFeed } from "./header-binding.ts";
import type { DelimitedFeed } from "../sources/source.ts";

const feed = (name: string, ...columns: DelimitedFeed["columns"]): DelimitedFeed => ({
  kind: "delimited",
  name,
  extensions: [".csv"],
  delimiter: ",",
  quote: '"',
  columns,
});
const returns = feed(
  "returns",
  { name: "order_id", headers: ["order-id", "amazon-order-id"], required: true },
  { name: "return_date", headers: ["return-date"], required: true },
  { name: "status", headers: ["status"] },
);

describe("a header", () => {
  it("binds by name whatever the case, spaces, dashes and order", () => {
    const binding = bindHeader(["\uFEFFStatus ", "Return_Date", "AMAZON ORDER ID"], returns);
    expect(Object.fromEntries(binding.columns)).toEqual({ order_id: 2, return_date: 1, status: 0 });
    expect(binding.missing).toEqual([]);
  });

  it("keeps unknown columns, repeated names told apart", () => {
    const binding = bindHeader(["order-id", "return-date", "colour", "colour", ""], returns);
    expect(binding.extra).toEqual([
      { name: "colour", index: 2 },
      { name: "colour (2)", index: 3 },
    ]);
  });

  it("tells which of its own columns stand there twice", () => {
    const binding = bindHeader(["order-id", "return-date", "Return Date", "colour", "colour"], returns);
    expect(binding.repeated).toEqual(["return-date"]);
  });

  it("tells what it lacks by the name the export uses", () => {
    expect(bindHeader(["order", "status"], returns).missing).toEqual(["order-id", "return-date"]);
  });

  it("decides between the feeds of a source", () => {
    const orders = feed("orders", { name: "name", headers: ["Name"], required: true });
    expect(chooseFeed(["order-id", "return-date", "x"], [orders, returns])?.feed.name).toBe("returns");
    expect(chooseFeed(["Name", "Total"], [orders, returns])?.feed.name).toBe("orders");
  });
});
