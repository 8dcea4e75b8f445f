// Fit complaints in English clothing reviews (Women's E-Commerce Clothing Reviews), labelled by hand from the half of the
// reviews that no rule was written with.
import type { Tagger } from "../../etl/tagging/tagger.ts";
import { isHeldOut, margin, precision, publicRows, recall, scored } from "./public-data.ts";

const FILE = "womens_clothing/womens_clothing_ecommerce_reviews.csv";
const FIT: ReadonlySet<string> = new Set(["size_too_small", "size_too_large", "poor_fit"]);

// The first 120 held-out reviews with one to three stars, and the first 60 with four or five, in the order of the text's hash.
// Read and labelled once, before the tags were looked at: does the writer say, as a chief complaint, that size, cut or fit
// were wrong on her? Reviews where one can't say (fit beside another fault, "runs large" as mere advice) are left out.
const COMPLAINTS =
  "21837 16020 312 15545 22691 9918 20821 17045 18619 15067 22171 12281 5587 12158 18822 12539 1690 1760 3518 15371 21366 96 17347 5168 " +
  "2874 22041 1891 5875 23449 20214 19178 3556 7245 10877 3094 10738 16545 22486 9205 20494 12313 18512 17514 21614 11112 2781 18362 16352 " +
  "8346 23031 13006 17536 19961 362 23214 17148 8570 15546 20921 16645 5491 18334 12298 17373 19012 2748 5024 17801 22022 19331 16507 10764 706";
const OTHERS =
  "21460 1263 21280 9017 17004 16913 7378 6155 14001 20080 12888 1419 14816 1695 12162 16598 4034 17190 22286 11815 2998 2699 4518 4814 8261 " +
  "2768 7977 16426";
const PRAISE =
  "4759 6813 13784 20655 4897 9112 15345 10199 7591 15585 9002 6031 8182 15145 13483 8061 2212 17444 14029 17530 19424 5243 14321 4180 14110 " +
  "9280 14632 5281 15607 15856 1555 1328 9269 23091 7077 852 14879";

/** Undefined where the data is not on this machine. */
export async function measureClothing(tagger: Tagger): Promise<string | undefined> {
  const rows = await publicRows(FILE);
  if (!rows) return undefined;
  const texts = new Map(rows.map((row) => [row[""] ?? "", `${row.Title}\n${row["Review Text"]}`.trim()]));
  const labelled = (ids: string, isFit: boolean) =>
    ids.split(" ").map((id) => ({ id, isFit, text: texts.get(id) ?? "" }));
  const low = [...labelled(COMPLAINTS, true), ...labelled(OTHERS, false)];
  const praise = labelled(PRAISE, false);
  const seen = [...low, ...praise].filter(({ text }) => !isHeldOut(text));
  if (seen.length > 0) throw new Error(`Reviews ${seen.map(({ id }) => id).join()} are not of the half kept back.`);
  const isTagged = ({ text }: { text: string }) => FIT.has(tagger.tag(text, "en").reason ?? "");
  const isFit = (review: { isFit: boolean }) => review.isFit;
  const score = scored(low, isTagged, isFit);
  const alarms = praise.filter(isTagged).length;
  const mentioned = scored(
    low,
    ({ text }) => tagger.mentions(text, "en").found.some((each) => FIT.has(each.reason)),
    isFit,
  );
  const figure = (value: number, of: number) => `${value.toFixed(2)} ± ${margin(value, of).toFixed(2)}`;
  return `### Fit complaints in English clothing reviews

Women's E-Commerce Clothing Reviews have no labels: ${low.length} reviews with one to three stars, of the half that no rule was written with, were
labelled by hand for this (\`bench/tagging/clothing.ts\` has their numbers and the question asked). ${score.truePositives + score.falseNegatives} complain chiefly of size, cut or fit.

| | precision | recall |
|---|---|---|
| the text's own reason is too small, too large or poor fit | ${figure(precision(score), score.truePositives + score.falsePositives)} | ${figure(recall(score), score.truePositives + score.falseNegatives)} |
| one of these is among the reasons the text gives | ${figure(precision(mentioned), mentioned.truePositives + mentioned.falsePositives)} | ${figure(recall(mentioned), mentioned.truePositives + mentioned.falseNegatives)} |

Of ${praise.length} reviews with four or five stars and no word against the fit, ${alarms} got such a reason.
`;
}
