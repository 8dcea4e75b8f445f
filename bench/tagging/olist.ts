// Portuguese reviews that three people labelled each (Olist): precision and recall of the tags against what two of the three said.
import type { Mention, Tagger } from "../../etl/tagging/tagger.ts";
import { isHeldOut, margin, precision, publicRows, recall, sameText, scored, type Row } from "./public-data.ts";

const FILE = "olist/classified/classified_public.csv";

interface Review {
  readonly text: string;
  readonly votes: Row;
  readonly found: readonly Mention[];
}

interface Subject {
  readonly name: string;
  /** Labels whose votes count together. */
  readonly labels: readonly string[];
  /** Our reasons that mean the same. */
  readonly reasons: readonly string[];
  /** Count a reason wherever the text gives it, not only as the text's own. */
  readonly anywhere?: boolean;
}

const DELIVERY = ["late_delivery", "never_arrived"];
const DESCRIPTION = ["not_as_described", "wrong_item", "size_too_small", "size_too_large", "poor_fit", "style_colour"];
const DEFECT = ["quality_defect", "damaged_in_transit"];
const RETURN = ["return_request", "changed_mind"];

const SUBJECTS: readonly Subject[] = [
  { name: "late delivery", labels: ["delayed"], reasons: DELIVERY },
  { name: "part of the order missing", labels: ["partial_delivery"], reasons: ["missing_parts"] },
  { name: "wrong or not as described", labels: ["not_as_anounced"], reasons: DESCRIPTION },
  { name: "defect: `low_quality`", labels: ["low_quality"], reasons: DEFECT },
  { name: "return: `return`, wherever a text asks for it", labels: ["return"], reasons: RETURN, anywhere: true },
  {
    name: "defect or return: `low_quality` + `return`",
    labels: ["low_quality", "return"],
    reasons: [...DEFECT, ...RETURN],
  },
  {
    name: "something about the product: all three",
    labels: ["low_quality", "return", "not_as_anounced"],
    reasons: [...DEFECT, ...RETURN, ...DESCRIPTION],
  },
];

const VOTERS = 3;
const MAJORITY = 2;

/** Undefined where the data is not on this machine. */
export async function measureOlist(tagger: Tagger): Promise<string | undefined> {
  const rows = await publicRows(FILE);
  if (!rows) return undefined;
  const reviews = distinct(rows).map((votes): Review => {
    const text = votes.review_comment_message ?? "";
    return { text, votes, found: tagger.mentions(text, "pt").found };
  });
  const kept = reviews.filter((review) => isHeldOut(review.text));
  const tuned = reviews.filter((review) => !isHeldOut(review.text));
  const satisfied = kept.filter((review) => votesFor(review, ["satisfied", "before_estimate"]) >= VOTERS);
  const alarms = satisfied.filter((review) => review.found.length > 0).length;
  return `### Portuguese reviews labelled by people

Olist's classified reviews: ${reviews.length} different texts, each labelled by three people. Rules were written with ${tuned.length} of them (by hash of
the text) and with unlabelled reviews of that half in view; the figures are of the other ${kept.length}. A text is *right* where two of the three gave the label; *any voter* asks for one of
three. *One person* is how often the third person gave the label that the other two agreed on: what a person reaches by this measure.
Its labels mean the seller's next step more than the cause: "came broken" is \`return\` for most voters, "thin fabric" \`low_quality\`.
± is half of the 95 % interval.

| subject | texts | precision | any voter | recall | one person | tuning half: precision, recall |
|---|---|---|---|---|---|---|
${SUBJECTS.map((subject) => line(subject, kept, tuned)).join("\n")}

Of ${satisfied.length} held-out texts that all three found satisfied, ${alarms} got a reason (${share(alarms / satisfied.length)}).
`;
}

/** A text once: buyers of several items repeat themselves. */
function distinct(rows: readonly Row[]): Row[] {
  const byText = new Map<string, Row>();
  for (const row of rows) {
    const text = sameText(row.review_comment_message ?? "");
    if (!byText.has(text)) byText.set(text, row);
  }
  return [...byText.values()];
}

function votesFor(review: Review, labels: readonly string[]): number {
  return labels.reduce((sum, label) => sum + Number(review.votes[`votes_${label}`] ?? 0), 0);
}

function line(subject: Subject, kept: readonly Review[], tuned: readonly Review[]): string {
  const found = (review: Review) =>
    subject.anywhere
      ? review.found.some((each) => subject.reasons.includes(each.reason))
      : subject.reasons.includes(review.found[0]?.reason ?? "");
  const isSo = (votes: number) => (review: Review) => votesFor(review, subject.labels) >= votes;
  const score = scored(kept, found, isSo(MAJORITY));
  const lenient = scored(kept, found, isSo(1));
  const tuning = scored(tuned, found, isSo(MAJORITY));
  const texts = score.truePositives + score.falseNegatives;
  const tagged = score.truePositives + score.falsePositives;
  return `| ${subject.name} | ${texts} | ${withMargin(precision(score), tagged)} | ${share(precision(lenient))} | ${withMargin(recall(score), texts)} | ${onePerson(subject, [...kept, ...tuned])} | ${share(precision(tuning))}, ${share(recall(tuning))} |`;
}

/** Of the texts on whose label two people agree, the share the third agrees on too; for single labels only. */
function onePerson({ labels }: Subject, reviews: readonly Review[]): string {
  if (labels.length > 1) return "–";
  const votes = reviews.map((review) => Math.min(VOTERS, votesFor(review, labels)));
  const all = votes.filter((count) => count === VOTERS).length;
  const two = votes.filter((count) => count === MAJORITY).length;
  return share((VOTERS * all) / (VOTERS * all + two));
}

function share(value: number): string {
  return value.toFixed(2);
}

function withMargin(value: number, of: number): string {
  return `${share(value)} ± ${share(margin(value, of))}`;
}
