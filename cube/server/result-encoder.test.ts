import { describe, expect, test } from "vitest";
import { formatTime, multiResult, singleResult, transformRows, type TransformRequest } from "./result-encoder.ts";

const request = (overrides: Partial<TransformRequest> = {}): TransformRequest => ({
  aliasToMemberNameMap: { t__count: "t.count", t__day: "t.created.day", t__week: "t.created.week" },
  annotation: {
    "t.count": { type: "number" },
    "t.created.day": { type: "time" },
    "t.created.week": { type: "time" },
    "t.created": { type: "time" },
  },
  query: { measures: ["t.count"], dimensions: [], timeDimensions: [{ dimension: "t.created", granularity: "day" }] },
  ...overrides,
});
const rows = [
  { t__day: "2025-03-04T00:00:00.000Z", t__count: "3" },
  { t__day: null, t__count: null },
];

describe("rows", () => {
  test("a time dimension is repeated under its bare name and nulls stay", () => {
    expect(transformRows(request(), rows)).toEqual([
      { "t.created.day": "2025-03-04T00:00:00.000", "t.count": "3", "t.created": "2025-03-04T00:00:00.000" },
      { "t.created.day": null, "t.count": null, "t.created": null },
    ]);
  });

  test("the bare name takes the finest granularity, whatever the column order", () => {
    const week = { t__week: "2025-03-03T00:00:00.000Z" };
    const day = { t__day: "2025-03-05T00:00:00.000Z" };
    for (const row of [
      { ...week, ...day },
      { ...day, ...week },
    ]) {
      expect(transformRows(request(), [row])).toMatchObject([{ "t.created": "2025-03-05T00:00:00.000" }]);
    }
  });

  test("a time dimension that is also requested as a dimension is not repeated", () => {
    const query = { ...request().query, dimensions: ["t.created"] };
    const [row] = transformRows(request({ query }), rows) as object[];
    expect(Object.keys(row ?? {})).toEqual(["t.created.day", "t.count"]);
  });

  test("compact and columnar formats carry the same cells", () => {
    const members = ["t.created.day", "t.count", "t.created"];
    const first = ["2025-03-04T00:00:00.000", "3", "2025-03-04T00:00:00.000"];
    const compact = transformRows(request({ resType: "compact" }), rows);
    expect(compact).toEqual({ members, dataset: [first, [null, null, null]] });
    const columnar = transformRows(request({ resType: "columnar" }), rows);
    expect(columnar).toEqual({ members, columns: first.map((value) => [value, null]) });
  });

  test("numbers and big integers become text, booleans stay", () => {
    const read = (value: unknown) => transformRows(request(), [{ t__count: value }]);
    expect(read(12.5)).toEqual([{ "t.count": "12.5" }]);
    expect(read(9_007_199_254_740_993n)).toEqual([{ "t.count": "9007199254740993" }]);
    expect(read(false)).toEqual([{ "t.count": false }]);
  });
});

describe("hidden members", () => {
  test.each([
    ["a measure", {}],
    ["a dimension", { query: { dimensions: ["t.count"] } }],
    ["a time dimension", { query: { timeDimensions: [{ dimension: "t.created", granularity: "day" }] } }],
  ])("%s is refused with and without rows", (_name, overrides) => {
    const hidden = request({ ...overrides, annotation: {} });
    expect(() => transformRows(hidden, rows)).toThrow(/hidden member/);
    expect(() => transformRows(hidden, [])).toThrow(/hidden member/);
  });

  test("a column without a member is refused", () => {
    expect(() => transformRows(request(), [{ surprise: 1 }])).toThrow(/'surprise'/);
  });
});

describe("heads", () => {
  test("compareDateRange rows name their range and pivot on it, the query itself stays", () => {
    const timeDimensions = [{ dimension: "t.created", granularity: "day", dateRange: ["2025-03-01", "2025-03-31"] }];
    const query = { ...request().query, timeDimensions };
    const compare = request({ query, queryType: "compareDateRangeQuery" });
    const result = multiResult({
      queryType: "compareDateRangeQuery",
      slowQuery: false,
      parts: [{ request: compare, head: { query, total: null }, rows }],
    });
    expect(result).toMatchObject({
      results: [{ data: [{ compareDateRange: "2025-03-01 - 2025-03-31" }, {}], query: { dimensions: [] } }],
      pivotQuery: { dimensions: ["compareDateRange"] },
    });
    expect(result).not.toHaveProperty("results.0.total");
  });

  test("blending rows share a time key", () => {
    const [row] = transformRows(request({ queryType: "blendingQuery" }), rows) as object[];
    expect(row).toMatchObject({ "time.day": "2025-03-04T00:00:00.000" });
  });

  test("fields of the query that are Cube's own stay inside", () => {
    const head = { query: { ...request().query, cacheMode: "stale-if-slow", maskedMembers: ["t.secret"] } };
    expect(Object.keys((singleResult(request(), head, rows) as { query: object }).query)).toEqual([
      "measures",
      "dimensions",
      "timeDimensions",
    ]);
  });
});

test("timestamps become wall clock text with milliseconds, anything else is left alone", () => {
  expect(formatTime("2025-01-01 10:11:12.345678")).toBe("2025-01-01T10:11:12.345");
  expect(formatTime("2025-01-01T10:11:12+02:00")).toBe("2025-01-01T10:11:12.000");
  expect(formatTime("2025-01-01")).toBe("2025-01-01");
});
