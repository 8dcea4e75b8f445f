// Answers to the survey after delivery, one row a question; unanswered surveys are in it without a score.
import path from "node:path";
import { personOf } from "../people.ts";
import { Random, STREAM } from "../random.ts";
import type { Survey } from "../simulate/types.ts";
import { ratingText } from "../texts/texts.ts";
import { utcZ } from "../zones.ts";
import { sincePart, type Extent } from "./changes.ts";
import { csvRow, RotatingFile, writeMapping } from "./output.ts";

const HEADER = [
  "answer_id",
  "survey_id",
  "order",
  "sku",
  "email",
  "country",
  "question",
  "stars",
  "comment",
  "sent",
  "answered",
];

const QUESTIONS = {
  order_handling: "Ordering and delivery",
  product_quality: "Product quality",
  after_sales: "Help after the purchase",
} as const;

const MAPPING = `# The shop's own survey after delivery: three questions, one to five stars.
entity: survey_responses
files: ["survey_answers_*.csv"]
delimiter: ","
quote: '"'
encoding: utf-8
system: surveys
time_zone: UTC
columns:
  survey_response_id: answer_id
  order_id: order
  product_id: sku
  customer_ref: {column: email, lower: true}
  market: country
  survey_dimension:
    column: question
    values:
${Object.entries(QUESTIONS)
  .map(([canonical, raw]) => `      ${raw}: ${canonical}`)
  .join("\n")}
  scale: {constant: "1-5"}
  score: stars
  comment: comment
  channel: {constant: email}
  sent_at: sent
  responded_at: answered
`;

export class SurveysWriter {
  private readonly files: RotatingFile;
  private readonly endMs: number;

  constructor(folder: string, extent: Extent, rowsPerFile: number) {
    this.endMs = extent.endMs;
    const own = path.join(folder, "surveys");
    // An export of the last days joins a folder that has it.
    if (extent.sinceMs === undefined) writeMapping(path.join(own, "survey_responses.mapping.yml"), MAPPING);
    this.files = new RotatingFile({
      folder: own,
      nameOf: (n) => `survey_answers_${sincePart(extent)}${n}.csv`,
      header: csvRow(HEADER),
      rowsPerFile,
    });
  }

  get rows(): number {
    return this.files.rows;
  }

  add(survey: Survey): void {
    const { order, product } = survey;
    const isAnswered = survey.respondedAt !== null && survey.respondedAt < this.endMs;
    const random = new Random(survey.key, STREAM.text);
    const id = `S${order.number.slice(1)}`;
    survey.scores.forEach(([question, score], index) => {
      const hasComment = isAnswered && index === 1 && random.chance(0.35);
      const row = [
        `${id}-${index + 1}`,
        id,
        order.number,
        product.sku,
        order.customer ? personOf(order.customer).email : "",
        order.market.code,
        QUESTIONS[question],
        isAnswered ? score : "",
        hasComment ? ratingText(order.language, score >= 4, random) : "",
        utcZ(survey.sentAt),
        isAnswered && survey.respondedAt !== null ? utcZ(survey.respondedAt) : "",
      ];
      this.files.row(csvRow(row));
    });
  }

  close(): void {
    this.files.close();
  }
}
