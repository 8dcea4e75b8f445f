// Warehouses, carriers and lanes of the own shop.
import type { Random } from "./random.ts";
import type { MarketCode } from "./markets.ts";
import type { Zone } from "./zones.ts";

export interface Warehouse {
  readonly name: string;
  readonly country: string;
  readonly iso3: string;
  readonly city: string;
  readonly zone: Zone;
}

export interface Carrier {
  readonly name: string;
  /** AfterShip's name for it. */
  readonly slug: string;
  /** How its scans write local time; one carrier gives delivery days only. */
  readonly timeStyle: "offset" | "local" | "date_on_delivery";
  readonly trackingNumber: (random: Random) => string;
}

export interface Lane {
  readonly warehouse: Warehouse;
  readonly carrier: Carrier;
  readonly market: MarketCode;
  /** Share of the market's own-shop parcels. */
  readonly share: number;
  readonly transitDays: number;
  readonly spread: number;
  /** Days from order to promised delivery. */
  readonly promiseDays: number;
  readonly lostRate: number;
  readonly damageRate: number;
}

const digits = (random: Random, count: number): string => {
  let text = "";
  for (let i = 0; i < count; i++) text += String(random.int(10));
  return text;
};

export const WAREHOUSES = {
  shenzhen: { name: "Shenzhen", country: "CN", iso3: "CHN", city: "Shenzhen", zone: "Asia/Shanghai" },
  yiwu: { name: "Yiwu", country: "CN", iso3: "CHN", city: "Yiwu", zone: "Asia/Shanghai" },
  duisburg: { name: "DE-Duisburg", country: "DE", iso3: "DEU", city: "Duisburg", zone: "Europe/Berlin" },
  ontario: { name: "US-Ontario CA", country: "US", iso3: "USA", city: "Ontario", zone: "America/Los_Angeles" },
} satisfies Record<string, Warehouse>;

const carrier = (
  name: string,
  slug: string,
  timeStyle: Carrier["timeStyle"],
  trackingNumber: Carrier["trackingNumber"],
): Carrier => ({ name, slug, timeStyle, trackingNumber });

export const CARRIERS = {
  yun: carrier("YunExpress", "yunexpress", "local", (r) => `YT${digits(r, 16)}`),
  fourPx: carrier("4PX", "4px", "local", (r) => `4PX3${digits(r, 11)}CN`),
  yanwen: carrier("Yanwen", "yanwen", "date_on_delivery", (r) => `UE${digits(r, 9)}YP`),
  dhl: carrier("DHL eCommerce", "dhl-ecommerce", "offset", (r) => `0034043${digits(r, 13)}`),
  ups: carrier("UPS", "ups", "offset", (r) => `1Z${digits(r, 16)}`),
  usps: carrier("USPS", "usps", "local", (r) => `9205${digits(r, 18)}`),
  evri: carrier("Evri", "evri", "offset", (r) => `H00${digits(r, 13)}`),
  sf: carrier("SF Express", "sf-express", "offset", (r) => `SF${digits(r, 13)}`),
} satisfies Record<string, Carrier>;

type LaneRow = [
  market: MarketCode,
  warehouse: keyof typeof WAREHOUSES,
  carrier: keyof typeof CARRIERS,
  share: number,
  transitDays: number,
  promiseDays: number,
  lostRate: number,
  damageRate: number,
];

const ROWS: readonly LaneRow[] = [
  ["US", "shenzhen", "yun", 0.34, 8.5, 13, 0.006, 0.004],
  ["US", "shenzhen", "fourPx", 0.16, 9.5, 14, 0.008, 0.005],
  ["US", "ontario", "ups", 0.3, 2.6, 5, 0.001, 0.003],
  ["US", "ontario", "usps", 0.2, 3.6, 6, 0.003, 0.004],
  ["DE", "shenzhen", "yun", 0.42, 8, 12, 0.004, 0.003],
  ["DE", "yiwu", "yanwen", 0.2, 10.5, 15, 0.009, 0.005],
  ["DE", "duisburg", "dhl", 0.38, 1.8, 4, 0.001, 0.003],
  ["FR", "shenzhen", "yun", 0.4, 8.6, 13, 0.005, 0.004],
  ["FR", "yiwu", "fourPx", 0.25, 10, 15, 0.008, 0.005],
  ["FR", "duisburg", "dhl", 0.35, 2.5, 5, 0.002, 0.003],
  ["ES", "yiwu", "yanwen", 0.45, 11.5, 16, 0.01, 0.005],
  ["ES", "duisburg", "dhl", 0.55, 3.2, 6, 0.002, 0.004],
  ["GB", "shenzhen", "yun", 0.6, 8.4, 13, 0.005, 0.004],
  ["GB", "shenzhen", "evri", 0.4, 9.2, 14, 0.007, 0.006],
  ["JP", "shenzhen", "fourPx", 0.6, 5.5, 9, 0.002, 0.002],
  ["JP", "yiwu", "yanwen", 0.4, 7, 11, 0.003, 0.002],
  ["CN", "shenzhen", "sf", 1, 1.8, 4, 0.0005, 0.002],
];

const LANES: readonly Lane[] = ROWS.map(
  ([market, warehouse, carrierKey, share, transitDays, promiseDays, lostRate, damageRate]) => ({
    market,
    warehouse: WAREHOUSES[warehouse],
    carrier: CARRIERS[carrierKey],
    share,
    transitDays,
    spread: transitDays > 5 ? 0.17 : 0.24,
    promiseDays,
    lostRate,
    damageRate,
  }),
);

const byMarket = new Map<MarketCode, readonly Lane[]>();
for (const lane of LANES) byMarket.set(lane.market, [...(byMarket.get(lane.market) ?? []), lane]);

export function lanesOf(market: MarketCode): readonly Lane[] {
  return byMarket.get(market) ?? [];
}
