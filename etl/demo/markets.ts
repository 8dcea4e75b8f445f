// Where the shop sells: shares, languages, money, clocks, and the made-up people who buy there.
import type { Zone } from "./zones.ts";

export type MarketCode = "US" | "DE" | "FR" | "ES" | "GB" | "JP" | "CN";
export type LanguageCode = "en" | "de" | "fr" | "es" | "ja" | "zh";
export type Region = "na" | "eu" | "jp" | "cn";

export interface Market {
  readonly code: MarketCode;
  readonly iso3: string;
  readonly countryName: string;
  /** Share of all orders. */
  readonly share: number;
  /** Share of its orders that come through Amazon. */
  readonly amazonShare: number;
  readonly amazonSite: string | null;
  readonly amazonRegion: Region;
  readonly fulfilmentCentres: readonly string[];
  readonly currency: "USD" | "EUR" | "GBP" | "JPY";
  readonly zone: Zone;
  readonly languages: readonly (readonly [LanguageCode, number])[];
  /** Return rates against the mean of all markets. */
  readonly returnFactor: number;
  readonly cities: readonly (readonly [city: string, zip: string, province: string])[];
  readonly streets: readonly string[];
  readonly firstNames: readonly string[];
  readonly lastNames: readonly string[];
  /** `#` is replaced by a digit; always inside the ranges kept for fiction (555). */
  readonly phone: string;
}

/** One unit in US dollars; written into aftersight.yml. */
export const EXCHANGE_RATES = { USD: 1, EUR: 1.08, GBP: 1.27, JPY: 0.0066, CNY: 0.139 } as const;

const words = (text: string): readonly string[] => text.split(" ");

export const MARKETS: readonly Market[] = [
  {
    code: "US",
    iso3: "USA",
    countryName: "United States",
    share: 0.34,
    amazonShare: 0.5,
    amazonSite: "Amazon.com",
    amazonRegion: "na",
    fulfilmentCentres: words("LEX1 IND8 ONT8 PHX7 CLT3"),
    currency: "USD",
    zone: "America/New_York",
    languages: [
      ["en", 0.88],
      ["es", 0.08],
      ["zh", 0.04],
    ],
    returnFactor: 1,
    cities: [
      ["Springfield", "62704", "IL"],
      ["Fairview", "07022", "NJ"],
      ["Riverside", "92501", "CA"],
      ["Madison", "53703", "WI"],
      ["Georgetown", "78626", "TX"],
    ],
    streets: ["Maple Street", "Oak Avenue", "Cedar Lane", "Willow Drive"],
    firstNames: words("Olivia Liam Emma Noah Ava Mason Sophia Ethan Grace Lucas Chloe Henry Nora Owen Stella Jack"),
    lastNames: words("Carter Brooks Hayes Reed Bennett Foster Coleman Ward Perry Sutton Griffin Wells Marsh Dalton"),
    phone: "+1 212 555 01##",
  },
  {
    code: "DE",
    iso3: "DEU",
    countryName: "Germany",
    share: 0.22,
    amazonShare: 0.38,
    amazonSite: "Amazon.de",
    amazonRegion: "eu",
    fulfilmentCentres: words("LEJ1 DTM2 HAM2 FRA7"),
    currency: "EUR",
    zone: "Europe/Berlin",
    languages: [
      ["de", 0.92],
      ["en", 0.08],
    ],
    returnFactor: 1.3,
    cities: [
      ["Musterstadt", "01067", "SN"],
      ["Köln", "50667", "NW"],
      ["Nürnberg", "90402", "BY"],
      ["Lübeck", "23552", "SH"],
    ],
    streets: ["Lindenweg", "Schloßstraße", "Am Mühlbach", "Gartenstraße"],
    firstNames: words("Anna Lukas Lea Jonas Jörg Mia Finn Hannah Paul Käthe Emil Ida Moritz Frieda Björn Greta"),
    lastNames: words("Weber Schäfer Krüger Vogt Lindner Böhm Sommer Albrecht Jäger Winter Kuhn Möller Brandt Seidel"),
    phone: "+49 30 555 01##",
  },
  {
    code: "FR",
    iso3: "FRA",
    countryName: "France",
    share: 0.13,
    amazonShare: 0.36,
    amazonSite: "Amazon.fr",
    amazonRegion: "eu",
    fulfilmentCentres: words("ORY1 LYS1 MRS1"),
    currency: "EUR",
    zone: "Europe/Berlin",
    languages: [
      ["fr", 0.96],
      ["en", 0.04],
    ],
    returnFactor: 1.05,
    cities: [
      ["Villeneuve", "06270", ""],
      ["Besançon", "25000", ""],
      ["Orléans", "45000", ""],
      ["Saint-Étienne", "42000", ""],
    ],
    streets: ["rue des Tilleuls", "avenue de la Gare", "allée des Chênes", "place du Marché"],
    firstNames: words("Camille Hugo Léa Louis Chloé Jules Manon Théo Inès Arthur Zoé Adèle Rémi Élise Noé Margaux"),
    lastNames: words("Moreau Lefèvre Girard Bonnet Faure Mercier Blanchard Guérin Marchand Perrin Renaud Collet"),
    phone: "+33 1 55 50 01 ##",
  },
  {
    code: "ES",
    iso3: "ESP",
    countryName: "Spain",
    share: 0.09,
    amazonShare: 0.38,
    amazonSite: "Amazon.es",
    amazonRegion: "eu",
    fulfilmentCentres: words("MAD4 BCN1"),
    currency: "EUR",
    zone: "Europe/Berlin",
    languages: [
      ["es", 0.97],
      ["en", 0.03],
    ],
    returnFactor: 0.95,
    cities: [
      ["Villanueva", "28691", "M"],
      ["Logroño", "26001", "LO"],
      ["Cáceres", "10001", "CC"],
    ],
    streets: ["calle Mayor", "avenida del Sol", "calle de la Fuente", "paseo del Río"],
    firstNames: words("Lucía Martín Paula Álvaro Sofía Iván Carmen Hugo Elena Raúl Nuria Pablo Inés Diego Marta Óscar"),
    lastNames: words("García Muñoz Navarro Ibáñez Castro Ortega Peña Vidal Serrano Campos Rubio Nieto Prieto León"),
    phone: "+34 915 55 01 ##",
  },
  {
    code: "GB",
    iso3: "GBR",
    countryName: "United Kingdom",
    share: 0.09,
    amazonShare: 0.45,
    amazonSite: "Amazon.co.uk",
    amazonRegion: "eu",
    fulfilmentCentres: words("LTN4 MAN1 EDI4"),
    currency: "GBP",
    zone: "Europe/London",
    languages: [["en", 1]],
    returnFactor: 1.1,
    cities: [
      ["Ambridge", "BR1 9ZZ", "ENG"],
      ["Holby", "HB4 2ZZ", "ENG"],
      ["Glenbogle", "GB7 7ZZ", "SCT"],
    ],
    streets: ["High Street", "Station Road", "Church Lane", "Mill Close"],
    firstNames: words("Oliver Amelia George Isla Harry Poppy Alfie Freya Oscar Maisie Rory Daisy Ewan Tilly"),
    lastNames: words("Hughes Walker Thorne Barlow Pemberton Ashby Clarke Fletcher Doyle Lowe Kerr Whitfield"),
    phone: "+44 20 5550 01##",
  },
  {
    code: "JP",
    iso3: "JPN",
    countryName: "Japan",
    share: 0.09,
    amazonShare: 0.5,
    amazonSite: "Amazon.co.jp",
    amazonRegion: "jp",
    fulfilmentCentres: words("NRT1 KIX2 FUK3"),
    currency: "JPY",
    zone: "Asia/Tokyo",
    languages: [
      ["ja", 0.95],
      ["en", 0.05],
    ],
    returnFactor: 0.6,
    cities: [
      ["架空市", "100-0000", "東京都"],
      ["見本町", "530-0000", "大阪府"],
      ["例示区", "220-0000", "神奈川県"],
    ],
    streets: ["桜通り1-2-3", "駅前2-4-6", "見本ヶ丘5-1", "中央3-7-1"],
    firstNames: words("陽菜 蓮 結衣 湊 葵 大翔 咲良 悠真 美月 健太 彩花 翔太"),
    lastNames: words("佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田"),
    phone: "+81 3 5550 01##",
  },
  {
    code: "CN",
    iso3: "CHN",
    countryName: "China",
    share: 0.04,
    amazonShare: 0,
    amazonSite: null,
    amazonRegion: "cn",
    fulfilmentCentres: [],
    currency: "EUR",
    zone: "Asia/Shanghai",
    languages: [
      ["zh", 0.96],
      ["en", 0.04],
    ],
    returnFactor: 0.9,
    cities: [
      ["示例市", "100000", "北京"],
      ["样本区", "200000", "上海"],
      ["演示县", "510000", "广东"],
    ],
    streets: ["示范路8号", "样例街66号", "和平里12号", "文昌巷3号"],
    firstNames: words("梓涵 浩宇 欣怡 子轩 诗涵 宇航 雨桐 俊杰 思琪 博文 佳怡 明轩"),
    lastNames: words("王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙"),
    phone: "+86 10 5550 01##",
  },
];

export function market(code: MarketCode): Market {
  const found = MARKETS.find((candidate) => candidate.code === code);
  if (!found) throw new TypeError(`No market "${code}"`);
  return found;
}
