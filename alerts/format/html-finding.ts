// One finding in full as rows of the mail's outer table.
import { CHART_COLOURS } from "../charts/anomaly-chart.ts";
import type { ChartImage, Fact, FindingBlock, Quote } from "../message.ts";
import { escapeHtml, escapeUrl } from "./escape.ts";
import { COLOURS, SEVERITY_COLOURS, textStyle } from "./html-style.ts";

export interface ChartLegend {
  readonly observed: string;
  readonly alarm: string;
  readonly expected: string;
  readonly band: string;
}

/** A finding as one card. */
export function findingCard(finding: FindingBlock, legend: ChartLegend): string {
  return [
    head(finding),
    finding.chart ? chart(finding.chart, legend) : missingChart(finding.chartMissing),
    facts(finding.facts),
    finding.concentration ? section(finding.concentration.title, concentration(finding.concentration.items)) : "",
    finding.quotes ? section(finding.quotes.title, quotes(finding.quotes.items)) : "",
    section(finding.action.title, paragraph(finding.action.text, "ink", COLOURS.ink)),
    button(finding.link.label, finding.link.url),
  ].join("");
}

/** A coloured word that says how severe; readable without its colour. */
export function severityChip(severity: FindingBlock["severity"], label: string): string {
  const colour = SEVERITY_COLOURS[severity];
  return `<span style="${textStyle(12, 18, "#ffffff", `background-color:${colour};padding:2px 8px;border-radius:4px;font-weight:600;white-space:nowrap`)}">${escapeHtml(label)}</span>`;
}

/** A row of the outer table. */
export function row(content: string, padding: string): string {
  return `<tr><td class="pad" style="padding:${padding}">${content}</td></tr>`;
}

function head(finding: FindingBlock): string {
  return row(
    `<div style="${textStyle(13, 20, COLOURS.soft)}" class="soft">${severityChip(finding.severity, finding.severityLabel)}&nbsp; ${escapeHtml(finding.reasonLabel)}</div>` +
      `<h2 class="ink" style="margin:8px 0 0;${textStyle(19, 26, COLOURS.ink, "font-weight:700;word-break:break-word")}">${escapeHtml(finding.productName)}</h2>` +
      `<div class="soft" style="${textStyle(13, 20, COLOURS.soft, "word-break:break-word")}">SKU ${escapeHtml(finding.productId)}</div>` +
      `<p class="ink" style="margin:12px 0 0;${textStyle(16, 24, COLOURS.ink)}">${escapeHtml(finding.sentence)}</p>` +
      `<p class="soft" style="margin:6px 0 0;${textStyle(14, 21, COLOURS.soft)}">${escapeHtml(finding.timing)}<br>${escapeHtml(finding.certainty)}</p>`,
    "24px 24px 0",
  );
}

function chart(image: ChartImage, legend: ChartLegend): string {
  const picture = `<img src="cid:${escapeHtml(image.contentId)}" width="${image.width}" height="${image.height}" alt="${escapeHtml(image.alt)}" style="display:block;width:100%;max-width:${image.width}px;height:auto;${textStyle(13, 20, "#475467", "background-color:#ffffff")}">`;
  // White under the picture too: its labels are dark in every colour scheme.
  return row(
    `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" style="background-color:#ffffff;border-radius:8px"><tr><td style="padding:4px 0 0">${picture}</td></tr></table>` +
      `<div class="soft" style="${textStyle(12, 18, COLOURS.soft, "padding-top:6px")}">${escapeHtml(image.caption)}</div>` +
      `<div class="soft" style="${textStyle(12, 20, COLOURS.soft)}">${key(CHART_COLOURS.observed, legend.observed)}${key(CHART_COLOURS.alarm, legend.alarm)}${key(CHART_COLOURS.expected, legend.expected)}${key(CHART_COLOURS.band, legend.band)}</div>`,
    "16px 24px 0",
  );
}

function key(colour: string, label: string): string {
  return `<span style="white-space:nowrap"><span style="color:${colour};font-size:14px">&#9632;</span> ${escapeHtml(label)}</span> &nbsp; `;
}

function missingChart(reason: string | null): string {
  return reason === null ? "" : row(paragraph(reason, "soft", COLOURS.soft), "12px 24px 0");
}

function facts(items: readonly Fact[]): string {
  const rows: string[] = [];
  for (let index = 0; index < items.length; index += 2) {
    const pair = items.slice(index, index + 2);
    const only = pair.length === 1;
    rows.push(`<tr>${pair.map((item) => factCell(item, only)).join("")}</tr>`);
  }
  return row(
    `<table role="presentation" class="tint" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="${COLOURS.tint}" style="background-color:${COLOURS.tint};border-radius:8px">${rows.join("")}</table>`,
    "16px 24px 0",
  );
}

function factCell(fact: Fact, only: boolean): string {
  const note = fact.note ? ` <span class="soft" style="${textStyle(12, 18, COLOURS.soft)}">${escapeHtml(fact.note)}</span>` : "";
  return (
    `<td width="${only ? "100%" : "50%"}"${only ? ' colspan="2"' : ""} valign="top" class="half" style="padding:8px 14px">` +
    `<div class="soft" style="${textStyle(12, 18, COLOURS.soft)}">${escapeHtml(fact.label)}</div>` +
    `<div class="ink" style="${textStyle(15, 22, COLOURS.ink, "font-weight:600")}">${escapeHtml(fact.value)}${note}</div></td>`
  );
}

function section(title: string, content: string): string {
  return row(
    `<h3 class="ink" style="margin:0 0 4px;${textStyle(14, 20, COLOURS.ink, "font-weight:700")}">${escapeHtml(title)}</h3>${content}`,
    "16px 24px 0",
  );
}

function concentration(items: readonly Fact[]): string {
  const rows = items.map(
    (item) =>
      `<tr><td valign="top" class="soft" style="${textStyle(14, 21, COLOURS.soft, "padding:2px 16px 2px 0;white-space:nowrap")}">${escapeHtml(item.label)}</td>` +
      `<td valign="top" class="ink" style="${textStyle(14, 21, COLOURS.ink, "padding:2px 0;word-break:break-word")}"><b>${escapeHtml(item.value)}</b> <span class="soft" style="color:${COLOURS.soft}">${escapeHtml(item.note ?? "")}</span></td></tr>`,
  );
  return `<table role="presentation" cellpadding="0" cellspacing="0" border="0">${rows.join("")}</table>`;
}

function quotes(items: readonly Quote[]): string {
  return items
    .map(
      (quote) =>
        `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td class="line" style="border-left:3px solid ${COLOURS.line};padding:2px 0 2px 12px">` +
        `<div class="ink" dir="auto" style="${textStyle(14, 21, COLOURS.ink, "word-break:break-word")}">${escapeHtml(quote.text)}</div>` +
        `<div class="soft" style="${textStyle(12, 18, COLOURS.soft)}">${escapeHtml(quote.origin)}</div></td></tr><tr><td style="font-size:0;line-height:6px;height:6px">&nbsp;</td></tr></table>`,
    )
    .join("");
}

function paragraph(text: string, name: string, colour: string): string {
  return `<p class="${name}" style="margin:0;${textStyle(14, 21, colour)}">${escapeHtml(text)}</p>`;
}

/** A link as a button that keeps its ground in Outlook. */
function button(label: string, url: string): string {
  return row(
    `<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr><td bgcolor="${COLOURS.link}" style="background-color:${COLOURS.link};border-radius:6px;padding:10px 18px">` +
      `<a href="${escapeUrl(url)}" class="button" style="${textStyle(14, 20, "#ffffff", "font-weight:600;text-decoration:none;display:inline-block")}">${escapeHtml(label)}</a></td></tr></table>`,
    "18px 24px 26px",
  );
}
