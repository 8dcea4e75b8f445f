import { expect, it } from "vitest";
import { carrierName } from "./carriers.ts";
import { laneName } from "./labels.ts";

it.each([
  ["dhl-ecommerce", "DHL eCommerce", "DHL eCommerce"],
  ["yunexpress", "YunExpress", "云途物流"],
  ["4px", "4PX", "递四方 4PX"],
  ["SF-Express", "SF Express", "顺丰速运"],
  ["best-line_2", "Best Line 2", "Best Line 2"],
  ["Müller & Söhne", "Müller & Söhne", "Müller & Söhne"],
])("%s is called %s", (code, en, zh) => {
  expect(carrierName(code, "en")).toBe(en);
  expect(carrierName(code, "zh")).toBe(zh);
});

it.each([
  ["CN→DE · dhl-ecommerce", "CN→DE · <dhl-ecommerce>"],
  ["unknown→DE · ups", "?→DE · <ups>"],
  ["CN→unknown · unknown", "CN→? · <unknown>"],
  ["unknown→unknown · unknown", null],
  ["CN→DE", "CN→DE"],
])("lane %s is written %s, the carrier in the same word as elsewhere", (lane, name) => {
  expect(laneName(lane, (code) => `<${code}>`)).toBe(name);
});
