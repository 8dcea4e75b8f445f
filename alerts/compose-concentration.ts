// Where a finding concentrates, in words, and the hint where to look first.
import type { Concentration, Slice } from "./anomaly.ts";
import type { Catalogue, StartWith } from "./catalogue/catalogue.ts";
import { cleanLine } from "./clean-text.ts";
import type { FindingBlock } from "./message.ts";
import { formatMarket, formatNumber, formatShare } from "./numbers.ts";
import { liftOf } from "./read-concentration.ts";

// A hint where to start needs most of the units, and clearly more of them than of the deliveries.
const START_SHARE = 0.5;
const START_LIFT = 1.3;

// What can cause a reason, the likeliest first.
const CAUSES: Readonly<Record<string, readonly Slice[]>> = {
  quality_defect: ["lot", "variant"],
  missing_parts: ["lot", "variant"],
  wrong_item: ["lot", "variant"],
  size_too_small: ["variant", "lot"],
  size_too_large: ["variant", "lot"],
  poor_fit: ["variant", "lot"],
  not_as_described: ["variant", "lot"],
  style_colour: ["variant", "lot"],
  damaged_in_transit: ["carrier", "lot"],
  late_delivery: ["carrier"],
  never_arrived: ["carrier"],
  undeliverable: ["carrier"],
};

/** One line for each slice, in the order given; null where there is none. */
export function composeConcentration(items: readonly Concentration[], words: Catalogue): FindingBlock["concentration"] {
  if (items.length === 0) return null;
  const { language } = words;
  return {
    title: words.word.concentration,
    items: items.map((item) => ({
      label: words.slice[item.slice],
      value: `${formatShare(item.share, language)} ${sliceName(item, words)}`,
      note: [
        words.share(formatNumber(item.units, language), formatNumber(item.totalUnits, language)),
        ...(item.deliveredShare === null
          ? []
          : [words.deliveredShare(formatShare(item.deliveredShare, language), liftOf(item) < START_LIFT)]),
      ].join(words.language === "zh" ? "，" : "; "),
    })),
  };
}

function sliceName(item: Concentration, words: Catalogue): string {
  return cleanLine(item.slice === "market" ? formatMarket(item.value, words.language) : item.value, 60);
}

/** Where to look first for this reason: the slice that could cause it and singles the finding out, if one does. */
export function startWith(reason: string, items: readonly Concentration[]): StartWith {
  const top = (CAUSES[reason] ?? [])
    .flatMap((slice) => items.filter((item) => item.slice === slice))
    .find((item) => item.deliveredShare !== null && item.share >= START_SHARE && liftOf(item) >= START_LIFT);
  return top ? { slice: top.slice, value: cleanLine(top.value, 60) } : null;
}
