// Message -> plain text with every number and link of the HTML.
import { CATALOGUES } from "../catalogue/catalogue.ts";
import type { Fact, FindingBlock, Message, RestTable } from "../message.ts";

const RULE = "-".repeat(60);

/** The text part; lines end with `\n`. */
export function formatText(message: Message): string {
  const lines = [
    ...message.warnings.flatMap((warning) => [`!! ${warning.title}`, warning.text, ""]),
    `Aftersight${message.sellerName === null ? "" : ` · ${message.sellerName}`}`,
    message.headline,
    message.summary,
    ...message.findings.flatMap((finding) => ["", RULE, ...findingLines(finding, message)]),
    ...(message.rest ? ["", RULE, ...restLines(message.rest)] : []),
    "",
    RULE,
    ...message.footer,
    `${message.openLink.label}: ${message.openLink.url}`,
  ];
  return `${lines.join("\n")}\n`;
}

function findingLines(finding: FindingBlock, message: Message): string[] {
  const separator = CATALOGUES[message.language].language === "zh" ? "：" : ": ";
  const fact = ({ label, value, note }: Fact) => `  ${label}${separator}${value}${note ? ` (${note})` : ""}`;
  return [
    `[${finding.severityLabel}] ${finding.reasonLabel}`,
    finding.productName + (finding.productCode === null ? "" : ` (${finding.productCode})`),
    "",
    finding.sentence,
    finding.timing,
    finding.certainty,
    "",
    ...finding.facts.map(fact),
    ...(finding.concentration ? ["", finding.concentration.title, ...finding.concentration.items.map(fact)] : []),
    ...(finding.quotes
      ? ["", finding.quotes.title, ...finding.quotes.items.map((quote) => `  > ${quote.text}  (${quote.origin})`)]
      : []),
    "",
    `${finding.action.title}${separator}${finding.action.text}`,
    `${finding.link.label}${separator}${finding.link.url}`,
  ];
}

function restLines(rest: RestTable): string[] {
  return [
    rest.title,
    ...rest.rows.flatMap((row) => [
      "",
      `[${row.severityLabel}] ${row.productName}${row.productCode === null ? "" : ` (${row.productCode})`} · ${row.reasonLabel} · ${row.since}`,
      `  ${rest.columns.observed} ${row.observed}, ${rest.columns.expected} ${row.expected}, ${rest.columns.ratio} ${row.ratio}`,
      `  ${row.url}`,
    ]),
    ...(rest.more === null ? [] : ["", rest.more]),
  ];
}
