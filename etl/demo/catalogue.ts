// The demo's products: a fixed head that the episodes happen to, and as many more as asked for.
import { PER_MILLE, RETURN_REASONS } from "./reasons.ts";
import { Random, STREAM } from "./random.ts";
import { DAY_MS } from "./zones.ts";

export type CategoryId = "earbuds" | "watch" | "dress" | "sneakers" | "kitchen" | "toy" | "lamp" | "bag";

export interface Product {
  readonly index: number;
  readonly sku: string;
  readonly name: string;
  readonly nameZh: string;
  readonly category: CategoryId;
  readonly brand: string;
  readonly supplier: string;
  readonly priceUsd: number;
  readonly unitCostCny: number;
  /** Share of demand while on sale (sums to about 1 over the catalogue). */
  readonly popularity: number;
  readonly variants: readonly string[];
  /** First and last day of sale, ms; null: before or after the demo's time. */
  readonly launchedOn: number | null;
  readonly endsOn: number | null;
  /** How many days of shipments one lot covers. */
  readonly lotDays: number;
  readonly asin: string;
  /** Returns per delivered unit, in the order of RETURN_REASONS, before market factors. */
  readonly returnRates: Float64Array;
}

interface Category {
  readonly title: string;
  readonly titleZh: string;
  readonly code: string;
  readonly price: readonly [low: number, high: number];
  readonly variants: readonly string[];
  readonly kinds: readonly (readonly [en: string, zh: string])[];
}

const APPAREL_SIZES = ["XS", "S", "M", "L", "XL"];
const SHOE_SIZES = ["37", "38", "39", "40", "41", "42", "43", "44"];
const cross = (sizes: readonly string[], colours: readonly string[]): readonly string[] =>
  colours.flatMap((colour) => sizes.map((size) => `${size} / ${colour}`));

export const CATEGORIES: Readonly<Record<CategoryId, Category>> = {
  earbuds: {
    title: "Wireless earbuds",
    titleZh: "无线耳机",
    code: "EB",
    price: [19, 69],
    variants: ["Black", "White", "Sage"],
    kinds: [
      ["True Wireless Earbuds", "真无线蓝牙耳机"],
      ["Open-Ear Earbuds", "开放式耳机"],
      ["ANC Earbuds", "主动降噪耳机"],
    ],
  },
  watch: {
    title: "Smartwatches",
    titleZh: "智能手表",
    code: "SW",
    price: [35, 119],
    variants: ["Graphite", "Silver", "Rose"],
    kinds: [
      ["Smartwatch", "智能手表"],
      ["Fitness Band", "运动手环"],
      ["Kids Smartwatch", "儿童智能手表"],
    ],
  },
  dress: {
    title: "Dresses",
    titleZh: "连衣裙",
    code: "DR",
    price: [24, 79],
    variants: cross(APPAREL_SIZES, ["Navy", "Floral", "Black"]),
    kinds: [
      ["Midi Dress", "中长连衣裙"],
      ["Wrap Dress", "裹身裙"],
      ["Linen Dress", "亚麻连衣裙"],
      ["Maxi Dress", "长款连衣裙"],
    ],
  },
  sneakers: {
    title: "Sneakers",
    titleZh: "运动鞋",
    code: "SN",
    price: [32, 95],
    variants: cross(SHOE_SIZES, ["White", "Charcoal"]),
    kinds: [
      ["Running Shoes", "跑步鞋"],
      ["Knit Sneakers", "飞织运动鞋"],
      ["Trail Shoes", "越野跑鞋"],
    ],
  },
  kitchen: {
    title: "Kitchen",
    titleZh: "厨房用品",
    code: "KT",
    price: [12, 59],
    variants: ["Mint", "Cream", "Grey"],
    kinds: [
      ["Portable Blender", "便携榨汁杯"],
      ["Milk Frother", "奶泡机"],
      ["Knife Set", "刀具套装"],
      ["Digital Kitchen Scale", "电子厨房秤"],
    ],
  },
  toy: {
    title: "Toys",
    titleZh: "玩具",
    code: "TY",
    price: [14, 49],
    variants: ["Standard"],
    kinds: [
      ["Magnetic Tiles", "磁力片"],
      ["Building Blocks", "积木"],
      ["RC Stunt Car", "遥控特技车"],
      ["Puzzle Board", "益智拼图"],
    ],
  },
  lamp: {
    title: "Lamps",
    titleZh: "灯具",
    code: "LP",
    price: [18, 75],
    variants: ["Warm white", "Brass", "Oak"],
    kinds: [
      ["Bedside Lamp", "床头灯"],
      ['Wall Lamp 12"', "12英寸壁灯"],
      ["Desk Lamp", "护眼台灯"],
      ["LED Strip 16'", "LED灯带"],
    ],
  },
  bag: {
    title: "Bags",
    titleZh: "箱包",
    code: "BG",
    price: [22, 85],
    variants: ["Black", "Olive", "Sand"],
    kinds: [
      ['Laptop Backpack 15.6"', "15.6英寸电脑背包"],
      ["Crossbody Bag", "斜挎包"],
      ["Weekender", "旅行手提包"],
    ],
  },
};

/** The best sellers, in order; episodes.ts refers to them by position. */
const HEAD: readonly (readonly [CategoryId, name: string, zh: string, price: number])[] = [
  ["earbuds", "AeroPods Lite True Wireless Earbuds", "AeroPods Lite 真无线蓝牙耳机", 29.9],
  ["dress", "Verano Floral Midi Dress", "Verano 碎花中长连衣裙", 39.9],
  ["watch", "Pulse S2 Smartwatch", "Pulse S2 智能手表", 59.9],
  ["lamp", "Luna Glass Bedside Lamp", "Luna 玻璃床头灯", 34.9],
  ["kitchen", "FreshGo Portable Blender", "FreshGo 便携榨汁杯", 32.9],
  ["sneakers", "Stride Knit Running Shoes", "Stride 飞织跑步鞋", 49.9],
  ["toy", "MagniTiles 64 Magnetic Tiles", "MagniTiles 64 片磁力片", 27.9],
  ["bag", 'Metro Laptop Backpack 15.6"', "Metro 15.6英寸电脑背包", 44.9],
];

const SERIES = ["Nova", "Aria", "Orbit", "Fjord", "Kite", "Mira", "Terra", "Solis", "Vela", "Juno", "Cobalt", "Lyra"];
const BRANDS = ["Larkfield", "Nordtide", "Yumi & Co", "Bright Harbor"];
const SUPPLIERS = [
  "Shenzhen Mingrui Electronics",
  "Dongguan Hetai Audio",
  "Yiwu Xinyue Trading",
  "Guangzhou Lianyi Garment",
  "Quanzhou Fubu Footwear",
  "Ningbo Jiayuan Home",
  "Zhongshan Guanghe Lighting",
];
const SUPPLIERS_OF: Readonly<Record<CategoryId, readonly number[]>> = {
  earbuds: [0, 1],
  watch: [0],
  dress: [3, 2],
  sneakers: [4],
  kitchen: [5, 2],
  toy: [2, 5],
  lamp: [6],
  bag: [2, 4],
};
const TAIL_CATEGORIES: readonly CategoryId[] = [
  "dress",
  "earbuds",
  "kitchen",
  "lamp",
  "sneakers",
  "toy",
  "watch",
  "bag",
  "dress",
  "kitchen",
];

/** Fewest products a demo can have: the head and a few to compare with. */
export const MIN_PRODUCTS = HEAD.length + 4;

/** The catalogue of a demo that ends at `endMs` after `days` days. */
export function buildCatalogue(seed: number, count: number, endMs: number, days: number): readonly Product[] {
  const weights: number[] = [];
  for (let i = 0; i < count; i++) weights.push((i + 1) ** -0.78);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight, index) => buildProduct(seed, index, weight / total, endMs, days));
}

function buildProduct(seed: number, index: number, share: number, endMs: number, days: number): Product {
  const random = new Random(seed, STREAM.catalogue, index);
  const head = HEAD[index];
  const id = head ? head[0] : (TAIL_CATEGORIES[index % TAIL_CATEGORIES.length] ?? "kitchen");
  const category = CATEGORIES[id];
  const series = `${random.pick(SERIES)} ${2 + random.int(8)}${index >= 100 ? String.fromCharCode(65 + (index % 26)) : ""}`;
  const kind = random.pick(category.kinds);
  const price = head ? head[3] : Math.round(random.between(category.price[0], category.price[1])) - 0.1;
  const life = lifeOf(random, Boolean(head), endMs, days);
  const sku = `${category.code}-${1001 + index}`;
  return {
    index,
    sku,
    name: head ? head[1] : `${series} ${kind[0]}`,
    nameZh: head ? head[2] : `${series} ${kind[1]}`,
    category: id,
    brand: random.pick(BRANDS),
    supplier: SUPPLIERS[random.pick(SUPPLIERS_OF[id])] ?? "",
    priceUsd: price,
    unitCostCny: Math.round(price * random.between(0.24, 0.36) * 7.2 * 100) / 100,
    popularity: share * (head ? 1 : random.lognormal(1, 0.25)),
    variants: category.variants,
    launchedOn: life.launchedOn,
    endsOn: life.endsOn,
    lotDays: 24 + random.int(30),
    asin: `B0${(index * 7919 + 1_000_003).toString(36).toUpperCase().padStart(8, "D")}`,
    returnRates: ratesOf(random, id),
  };
}

function lifeOf(random: Random, head: boolean, endMs: number, days: number) {
  const kind = random.next();
  const at = endMs - Math.round(random.between(0.1, 0.8) * days) * DAY_MS;
  if (head || kind > 0.18) return { launchedOn: null, endsOn: null };
  return kind < 0.12 ? { launchedOn: at, endsOn: null } : { launchedOn: null, endsOn: at };
}

function ratesOf(random: Random, category: CategoryId): Float64Array {
  const perMille = PER_MILLE[category];
  const ofProduct = random.lognormal(1, 0.18);
  return Float64Array.from(
    RETURN_REASONS,
    (reason) => ((perMille[reason] ?? 0) / 1000) * ofProduct * random.lognormal(1, 0.2),
  );
}

/** The lot a unit shipped on this day belongs to, as printed on the box. */
export function lotOf(product: Product, shippedAt: number): string {
  const lot = Math.floor((shippedAt / DAY_MS + product.index * 5) / product.lotDays);
  const start = new Date((lot * product.lotDays - product.index * 5) * DAY_MS);
  return `${product.sku}-L${start.toISOString().slice(2, 10).replaceAll("-", "")}`;
}
