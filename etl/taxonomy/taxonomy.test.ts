import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { canonicalCodes } from "./canonical-codes.ts";

async function table(name: string): Promise<Record<string, string>[]> {
  return parse(await readFile(path.join(import.meta.dirname, `${name}.csv`)), { columns: true });
}

const AMAZON_FBA =
  "OTHER ORDERED_WRONG_ITEM FOUND_BETTER_PRICE NO_REASON_GIVEN QUALITY_UNACCEPTABLE NOT_COMPATIBLE DAMAGED_BY_FC " +
  "MISSED_ESTIMATED_DELIVERY MISSING_PARTS DAMAGED_BY_CARRIER SWITCHEROO DEFECTIVE EXTRA_ITEM UNWANTED_ITEM WARRANTY " +
  "UNAUTHORIZED_PURCHASE UNDELIVERABLE_INSUFFICIENT_ADDRESS UNDELIVERABLE_FAILED_DELIVERY_ATTEMPTS UNDELIVERABLE_REFUSED " +
  "UNDELIVERABLE_UNKNOWN UNDELIVERABLE_UNCLAIMED UNDELIVERABLE_CARRIER_MISS_SORTED APPAREL_TOO_SMALL APPAREL_TOO_LARGE " +
  "APPAREL_STYLE MISORDERED NOT_AS_DESCRIBED JEWELRY_TOO_SMALL JEWELRY_TOO_LARGE JEWELRY_BATTERY JEWELRY_NO_DOCS " +
  "JEWELRY_BAD_CLASP JEWELRY_LOOSE_STONE JEWELRY_NO_CERT PRODUCT_NOT_SPANISH PRODUCT_NOT_ITALIAN NEVER_ARRIVED POOR_FIT";
const AMAZON_MFN = "AMZ-PG-BAD-DESC AMZ-PG-MISORDERED AMZ-PG-APP-TOO-LATE CR-DEFECTIVE CR-SWITCHEROO";
const SHOPIFY =
  "COLOR DEFECTIVE NOT_AS_DESCRIBED OTHER SIZE_TOO_LARGE SIZE_TOO_SMALL STYLE UNKNOWN UNWANTED WRONG_ITEM";
const DESK =
  "产品质量 尺寸不符 描述不符 破损 物流延迟 丢件 无理由 欺诈 关税 售后响应慢 退货政策不明确 defekt zoll retard talla 不良品 返品条件";
const AFTERSHIP =
  "Pending InfoReceived InTransit OutForDelivery AttemptFail Delivered AvailableForPickup Exception Expired " +
  "InfoReceived_001 OutForDelivery_001 OutForDelivery_003 OutForDelivery_004 Pending_001 Expired_001 AvailableForPickup_001";

const numbered = (tag: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${tag}_${String(index + 1).padStart(3, "0")}`);

describe("reasons", () => {
  test("every mapped reason exists, keys are normalised and unique", async () => {
    const reasons = new Set((await table("reasons")).map((row) => row.reason));
    expect(reasons.size).toBe(24);
    const map = await table("reason_map");
    expect(map.filter((row) => !reasons.has(row.reason))).toEqual([]);
    expect(map.filter((row) => row.reason_raw !== row.reason_raw?.trim().toLowerCase())).toEqual([]);
    expect(new Set(map.map((row) => `${row.source_system}|${row.reason_raw}`)).size).toBe(map.length);
  });

  test.each(["tickets", "returns"])("the mart %s accepts every reason", async (mart) => {
    const file = path.join(import.meta.dirname, "../models/marts", `${mart}.yml`);
    const accepted = new Set((await readFile(file, "utf8")).match(/\b[a-z_]+\b/g));
    expect((await table("reasons")).filter((row) => !accepted.has(row.reason ?? ""))).toEqual([]);
  });

  test("complaints about the product are exactly the agreed reasons", async () => {
    const complaints = (await table("reasons")).filter((row) => row.is_product_complaint === "true");
    expect(complaints.map((row) => row.reason)).toEqual([
      "quality_defect",
      "size_too_small",
      "size_too_large",
      "poor_fit",
      "not_as_described",
      "wrong_item",
      "missing_parts",
    ]);
    expect(complaints.filter((row) => row.is_quality_complaint === "true").map((row) => row.reason)).toEqual([
      "quality_defect",
    ]);
  });

  test.each([
    ["Amazon FBA", AMAZON_FBA],
    ["Amazon merchant-fulfilled", AMAZON_MFN],
    ["Shopify", SHOPIFY],
    ["desks in six languages", DESK],
  ])("all documented reasons of %s are mapped", async (_, codes) => {
    const known = new Set((await table("reason_map")).map((row) => row.reason_raw));
    expect(codes.split(" ").filter((code) => !known.has(code.toLowerCase()))).toEqual([]);
  });
});

describe("event states", () => {
  test("all of AfterShip's tags and sub-tags lead to a canonical state, each of which also leads to itself", async () => {
    const map = await table("event_state_map");
    const own = new Set(map.filter((row) => row.system === "aftership").map((row) => row.state_raw));
    const states = [
      ...AFTERSHIP.split(" "),
      ...numbered("Delivered", 5),
      ...numbered("AttemptFail", 3),
      ...numbered("Exception", 21),
      ...numbered("InTransit", 13),
    ];
    expect(states.filter((state) => !own.has(state.toLowerCase()))).toEqual([]);
    const general = new Map(map.filter((row) => row.system === "*").map((row) => [row.state_raw, row.event_state]));
    const canonical = new Set(map.map((row) => row.event_state));
    expect([...canonical].filter((state) => general.get(state) !== state)).toEqual([]);
    expect(canonical.size).toBe(17);
    expect(new Set(map.map((row) => `${row.system}|${row.state_raw}`)).size).toBe(map.length);
  });
});

describe("resolutions", () => {
  test("keys are normalised and unique, and each canonical one but the unknown is a word of its own", async () => {
    const map = await table("resolution_map");
    expect(map.filter((row) => row.resolution_raw !== row.resolution_raw?.trim().toLowerCase())).toEqual([]);
    expect(new Set(map.map((row) => `${row.source_system}|${row.resolution_raw}`)).size).toBe(map.length);
    const own = new Map(
      map.filter((row) => row.source_system === "*").map((row) => [row.resolution_raw, row.resolution]),
    );
    const codes = (await table("resolutions")).map((row) => row.resolution);
    expect(codes.filter((code) => own.get(code) !== code)).toEqual(["unmapped", "unknown"]);
  });

  test("the mart returns accepts every resolution", async () => {
    const file = path.join(import.meta.dirname, "../models/marts/returns.yml");
    const accepted = new Set((await readFile(file, "utf8")).match(/\b[a-z_]+\b/g));
    expect((await table("resolutions")).filter((row) => !accepted.has(row.resolution ?? ""))).toEqual([]);
  });
});

describe("labels", () => {
  test.each([
    ["reasons", "reason_map", "reason"],
    ["event_states", "event_state_map", "event_state"],
    ["resolutions", "resolution_map", "resolution"],
    ["ticket_statuses", "ticket_status_map", "status"],
  ] as const)("%s: each code has a label in both languages, and no map leads elsewhere", async (map, file, column) => {
    const codes = await canonicalCodes(map);
    expect(codes.filter(({ labelEn, labelZh }) => !labelEn || !/\p{Script=Han}/u.test(labelZh))).toEqual([]);
    expect(new Set(codes.map((each) => each.code)).size).toBe(codes.length);
    const known = new Set(codes.map((each) => each.code));
    expect((await table(file)).filter((row) => !known.has(row[column] ?? ""))).toEqual([]);
  });

  test("channels: each that a map leads to has a label", async () => {
    const known = new Set((await table("channels")).map((row) => `${row.kind} ${row.channel}`));
    const used = (await table("channel_map")).map((row) => `${row.kind} ${row.channel}`);
    expect(used.filter((channel) => !known.has(channel))).toEqual([]);
    expect((await table("channels")).filter((row) => !row.label_en || !row.label_zh)).toEqual([]);
  });
});

describe("channels", () => {
  test("keys are normalised and unique, kinds are known", async () => {
    const map = await table("channel_map");
    expect(new Set(map.map((row) => row.kind))).toEqual(new Set(["contact", "sales"]));
    expect(map.filter((row) => row.channel_raw !== row.channel_raw?.trim().toLowerCase())).toEqual([]);
    expect(new Set(map.map((row) => `${row.kind}|${row.source_system}|${row.channel_raw}`)).size).toBe(map.length);
  });
});

test("ticket statuses are in normal form, unique, and mean one of the closed list", async () => {
  const map = await table("ticket_status_map");
  expect(map.filter((row) => row.status_raw !== row.status_raw?.trim().toLowerCase())).toEqual([]);
  expect(new Set(map.map((row) => row.status_raw)).size).toBe(map.length);
  expect(new Set(map.map((row) => row.status))).toEqual(
    new Set(["new", "open", "pending", "hold", "solved", "closed", "deleted", "merged"]),
  );
});

test("causes of delay are four, of states that are mapped", async () => {
  const causes = new Set(["customs", "weather", "address", "carrier"]);
  const map = await table("delay_cause_map");
  expect(map.filter((row) => !causes.has(row.delay_cause ?? ""))).toEqual([]);
  const known = new Set((await table("event_state_map")).map((row) => `${row.system}|${row.state_raw}`));
  expect(map.filter((row) => !known.has(`${row.system}|${row.state_raw}`))).toEqual([]);
  expect(new Set(map.map((row) => `${row.system}|${row.state_raw}`)).size).toBe(map.length);
});
