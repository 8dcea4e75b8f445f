// Readable names of carriers: the codes are those of tracking services, which no one says aloud.
import type { Language } from "../lib/format.ts";

/** Where Chinese sellers use another name, it comes second. */
const NAMES: Readonly<Record<string, readonly [en: string, zh?: string]>> = {
  "4px": ["4PX", "递四方 4PX"],
  anpost: ["An Post"],
  "australia-post": ["Australia Post"],
  "austrian-post": ["Österreichische Post"],
  bpost: ["bpost"],
  bring: ["Bring"],
  "brt-it": ["BRT"],
  cainiao: ["Cainiao", "菜鸟"],
  "canada-post": ["Canada Post"],
  "china-ems": ["China EMS", "中国邮政 EMS"],
  "china-post": ["China Post", "中国邮政"],
  "chronopost-france": ["Chronopost"],
  cne: ["CNE Express", "递一"],
  colissimo: ["Colissimo"],
  "correos-spain": ["Correos"],
  "deutsch-post": ["Deutsche Post"],
  dhl: ["DHL Express"],
  "dhl-ecommerce": ["DHL eCommerce"],
  "dhl-germany": ["DHL Paket"],
  "dhl-global-mail": ["DHL eCommerce"],
  dpd: ["DPD"],
  "dpd-de": ["DPD"],
  "dpd-uk": ["DPD UK"],
  ems: ["EMS"],
  evri: ["Evri"],
  fedex: ["FedEx"],
  gls: ["GLS"],
  "gls-spain": ["GLS Spain"],
  hermes: ["Hermes"],
  "hermes-de": ["Hermes"],
  "inpost-paczkomaty": ["InPost"],
  "japan-post": ["Japan Post", "日本邮便"],
  "jd-logistics": ["JD Logistics", "京东物流"],
  jtexpress: ["J&T Express", "极兔速递"],
  "kuroneko-yamato": ["Yamato", "雅玛多"],
  "la-poste-colissimo": ["Colissimo"],
  lasership: ["LaserShip"],
  mondialrelay: ["Mondial Relay"],
  ontrac: ["OnTrac"],
  "parcel-force": ["Parcelforce"],
  "poczta-polska": ["Poczta Polska"],
  "poste-italiane": ["Poste Italiane"],
  postnl: ["PostNL"],
  postnord: ["PostNord"],
  purolator: ["Purolator"],
  "royal-mail": ["Royal Mail"],
  sagawa: ["Sagawa", "佐川急便"],
  "sf-express": ["SF Express", "顺丰速运"],
  sfb2c: ["SF International", "顺丰国际"],
  "singapore-post": ["Singapore Post"],
  sto: ["STO Express", "申通快递"],
  sunyou: ["Sunyou", "顺友物流"],
  "swiss-post": ["Swiss Post"],
  tnt: ["TNT"],
  "ubi-logistics": ["UBI Smart Parcel"],
  "uni-uni": ["UniUni"],
  ups: ["UPS"],
  usps: ["USPS"],
  winit: ["Winit", "万邑通"],
  yanwen: ["Yanwen", "燕文物流"],
  yodel: ["Yodel"],
  yto: ["YTO Express", "圆通速递"],
  "yunda-express": ["Yunda Express", "韵达速递"],
  yunexpress: ["YunExpress", "云途物流"],
  "zto-express": ["ZTO Express", "中通快递"],
};

const SLUG = /^[a-z0-9]+([-_][a-z0-9]+)*$/;

/** `dhl-ecommerce` → `DHL eCommerce`; an unknown code as words (`best-line` → `Best Line`); a name that is none stays as written. */
export function carrierName(code: string, language: Language): string {
  const known = NAMES[code.toLowerCase()];
  if (known) return (language === "zh" ? known[1] : undefined) ?? known[0];
  if (!SLUG.test(code)) return code;
  return code
    .split(/[-_]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");
}
