import { describe, expect, it } from "vitest";
import { CATALOGUES, type WatchUnit } from "./catalogue.ts";

const REASONS =
  "quality_defect,size_too_small,size_too_large,poor_fit,not_as_described,damaged_in_transit,damaged_by_warehouse,late_delivery,never_arrived,undeliverable,wrong_item,missing_parts,extra_item,style_colour,changed_mind,unauthorized,customs_tax,slow_service,unclear_policy,usage_question,return_request,no_reason,other,unmapped".split(
    ",",
  );
const { en, zh } = CATALOGUES;
const words = {
  unit: "returns" as WatchUnit,
  reason: "quality_defect",
  observed: "32",
  expected: "11.2",
  excess: "20.8",
  ratio: "2.9×",
  since: "3 Nov",
  until: null,
};

describe.each([en, zh])("the $language catalogue", (catalogue) => {
  it("has a label and an action for every canonical reason", () => {
    for (const reason of REASONS) {
      expect(catalogue.reasonLabel(reason)).not.toBe(reason);
      expect(catalogue.action(reason, null).length).toBeGreaterThan(8);
    }
    expect(new Set(REASONS.map((reason) => catalogue.reasonLabel(reason))).size).toBe(REASONS.length);
  });

  it("keeps a code it doesn't know", () => {
    expect(catalogue.reasonLabel("brand_new")).toBe("brand_new");
    expect(catalogue.sentence({ ...words, reason: "brand_new" })).toContain("brand_new");
  });
});

describe("a finding's sentence", () => {
  it("says what, since when, how much was expected and how far off that is", () => {
    expect(en.sentence(words)).toBe(
      "32 units returned as defective since 3 Nov where 11.2 were expected: 2.9×, 20.8 more than usual.",
    );
    expect(zh.sentence({ ...words, since: "11月3日" })).toBe(
      "自11月3日以来有 32 件因“质量缺陷”退货，预期 11.2 件：是平常的 2.9 倍，多出 20.8 件。",
    );
  });

  it("names the last day where the sums end before the data", () => {
    expect(en.sentence({ ...words, until: "20 Nov" })).toContain("from 3 Nov to 20 Nov where");
    expect(en.sentence({ ...words, until: "3 Nov" })).toContain("on 3 Nov where");
    expect(zh.sentence({ ...words, since: "11月3日", until: "11月20日" })).toContain("11月3日至11月20日有 32 件");
  });

  it("leaves the ratio out where nearly nothing was expected", () => {
    expect(en.sentence({ ...words, observed: "1", expected: "0.001", ratio: null })).toBe(
      "1 unit returned as defective since 3 Nov where 0.001 were expected, so 20.8 more than usual.",
    );
    expect(zh.sentence({ ...words, ratio: null })).not.toContain("倍");
  });

  it("counts tickets and cases by their own word", () => {
    expect(en.sentence({ ...words, unit: "tickets" })).toContain("32 tickets of “Quality defect” since");
    expect(zh.sentence({ ...words, unit: "tickets" })).toContain("出现 32 张“质量缺陷”工单");
  });
});

it("the Chinese catalogue leaves no English sentence", () => {
  const texts = [
    zh.certainty(1000),
    zh.timing("11月3日", 3),
    zh.late("t", "z", 48),
    zh.why("店"),
    zh.demo(),
    ...REASONS.map((reason) => zh.action(reason, null)),
  ];
  for (const text of texts) expect(text.replace(/Aftersight|HS|SKU/g, "")).not.toMatch(/[A-Za-z]{3,}/);
});
