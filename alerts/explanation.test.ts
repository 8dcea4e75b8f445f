import { describe, expect, it } from "vitest";
import { instantOfLocalTime } from "./dates.ts";
import { startWith } from "./compose-concentration.ts";
import { chanceOneIn, formatDay, formatMarket, formatMoney, formatNumber, formatRatio } from "./numbers.ts";
import { rankConcentration } from "./read-concentration.ts";
import { chooseQuotes, maskPersonalData, shorten } from "./read-quotes.ts";

const slice = (market: string, lot: string, units: number) => ({
  market,
  lot,
  carrier: "DHL",
  variant: "unknown",
  units,
});
const quote = (text: string, date = "2026-11-10") => ({ text, market: "DE", date });

describe("where a finding concentrates", () => {
  const returned = [slice("DE", "A", 6), slice("FR", "B", 3), slice("DE", "unknown", 1)];
  const delivered = [slice("DE", "A", 20), slice("FR", "B", 80)];

  it("is the value with most units beside its share of the deliveries, the most singled out first", () => {
    expect(rankConcentration({ returned, delivered })).toEqual([
      { slice: "market", value: "DE", units: 7, totalUnits: 10, share: 0.7, deliveredShare: 0.2 },
      { slice: "lot", value: "A", units: 6, totalUnits: 10, share: 0.6, deliveredShare: 0.2 },
    ]);
  });

  it("is not told for a slice of one value, of none recorded, or without returns", () => {
    const slices = rankConcentration({ returned, delivered }).map((each) => each.slice);
    expect(slices).not.toContain("carrier");
    expect(slices).not.toContain("variant");
    expect(rankConcentration({ returned: [], delivered })).toEqual([]);
  });

  it("names where to start only by a slice that can cause the reason and is out of proportion", () => {
    const found = rankConcentration({ returned, delivered });
    expect(startWith("quality_defect", found)).toEqual({ slice: "lot", value: "A" });
    expect(startWith("late_delivery", found)).toBeNull();
    expect(startWith("changed_mind", found)).toBeNull();
    const proportionate = rankConcentration({ returned, delivered: [slice("DE", "A", 60), slice("FR", "B", 40)] });
    expect(startWith("quality_defect", proportionate)).toBeNull();
    expect(startWith("quality_defect", rankConcentration({ returned, delivered: [] }))).toBeNull();
  });
});

describe("customers' words", () => {
  it("are three at most, different, the longer first", () => {
    const chosen = chooseQuotes([
      quote("Leaks."),
      quote("leaks"),
      quote("It leaks after two days"),
      quote("ok"),
      quote("漏水严重"),
      quote("Broke on day one"),
    ]);
    expect(chosen.map((each) => each.text)).toEqual(["It leaks after two days", "Broke on day one", "Leaks."]);
  });

  it("are cut at a word", () => {
    expect(shorten("one two three", 10)).toBe("one two…");
    expect(shorten("漏水".repeat(10), 5)).toBe("漏水漏水…");
    expect(shorten("short", 5)).toBe("short");
  });

  it("lose addresses and long numbers, and keep ordinary ones", () => {
    expect(maskPersonalData("write anna.b@mail.example.com or +49 170 123 45 67, size 38, 2 days")).toBe(
      "write [e-mail] or [number], size 38, 2 days",
    );
    expect(maskPersonalData("order 123-1234567-1234567")).toBe("order [number]");
  });
});

describe("numbers and times", () => {
  it("are written as the language does", () => {
    expect(formatNumber(1234.56, "en")).toBe("1,234.6");
    expect(formatNumber(0.0432, "en")).toBe("0.043");
    expect(formatRatio(3, "en")).toBe("3.0×");
    expect(formatRatio(22.8, "en")).toBe("23×");
    expect([formatRatio(null, "en"), formatRatio(Infinity, "en")]).toEqual([null, null]);
    expect(formatMoney(1250.456, "USD", "en")).toBe("1,250 USD");
    expect(formatMoney(9.5, "EUR", "zh")).toBe("9.50 EUR");
    expect([formatDay("2026-11-03", "en", "2026"), formatDay("2025-11-03", "en", "2026")]).toEqual([
      "3 Nov",
      "3 Nov 2025",
    ]);
    expect(formatDay("2026-11-03", "zh", "2026")).toBe("11月3日");
    expect([formatMarket("DE", "zh"), formatMarket("amazon.de", "en")]).toEqual(["德国", "amazon.de"]);
  });

  it.each([
    [0.0004, 1000],
    [0.001, 500],
    [0.0049, 200],
    [0.02, 20],
    [0.2, null],
    [null, null],
  ])("a q-value of %s is fewer than 1 in %s", (q, oneIn) => {
    expect(chanceOneIn(q)).toBe(oneIn);
  });

  it("of a zone are told across its clock changes", () => {
    const at = (local: string, zone: string) => new Date(instantOfLocalTime(local, zone)).toISOString();
    expect(at("2026-07-01T12:00:00.000", "Europe/Berlin")).toBe("2026-07-01T10:00:00.000Z");
    expect(at("2026-03-29T01:30:00.000", "Europe/Berlin")).toBe("2026-03-29T00:30:00.000Z");
    expect(at("2026-03-29T03:30:00.000", "Europe/Berlin")).toBe("2026-03-29T01:30:00.000Z");
    expect(at("2026-01-01T00:00:00.000", "Asia/Shanghai")).toBe("2025-12-31T16:00:00.000Z");
    expect(at("2026-11-22T08:00:00.000", "UTC")).toBe("2026-11-22T08:00:00.000Z");
  });
});
