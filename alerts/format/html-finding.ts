// One finding in full: the content of a card.
import { CHART_COLOURS } from "../charts/anomaly-chart.ts";
import type { ChartImage, Fact, FindingBlock, Quote } from "../message.ts";
import { escapeHtml, escapeUrl } from "./escape.ts";
import { COLOURS, gap, layout, SEVERITY_COLOURS, soft } from "./html-style.ts";

export interface ChartLegend {
  readonly observed: string;
  readonly alarm: string;
  readonly expected: string;
  readonly band: string;
}

/** What a finding's card holds. */
export function findingContent(finding: FindingBlock, legend: ChartLegend): string {
  return [
    head(finding),
    finding.chart ? chart(finding.chart, legend) : missingChart(finding.chartMissing),
    facts(finding.facts),
    finding.concentration ? section(finding.concentration.title) + concentration(finding.concentration.items) : "",
    finding.quotes ? section(finding.quotes.title) + finding.quotes.items.map(quote).join("") : "",
    section(finding.action.title) + `<div>${escapeHtml(finding.action.text)}</div>`,
    gap(18),
    button(finding.link.label, finding.link.url),
  ].join("");
}

/** A coloured word that says how severe; readable without its colour. */
export function severityChip(severity: FindingBlock["severity"], label: string): string {
  return `<span style="font-size:12px;font-weight:600;color:#ffffff;background-color:${SEVERITY_COLOURS[severity]};padding:2px 8px;border-radius:4px;white-space:nowrap">${escapeHtml(label)}</span>`;
}

function head(finding: FindingBlock): string {
  const code = finding.productCode === null ? "" : `<div>${soft(13, escapeHtml(finding.productCode))}</div>`;
  return (
    `<div>${severityChip(finding.severity, finding.severityLabel)}&nbsp; ${soft(13, escapeHtml(finding.reasonLabel))}</div>` +
    `<h2 style="margin:8px 0 0;font-size:19px;line-height:26px">${escapeHtml(finding.productName)}</h2>${code}` +
    `<p style="margin:10px 0 6px;font-size:16px;line-height:24px">${escapeHtml(finding.sentence)}</p>` +
    `<div>${soft(14, `${escapeHtml(finding.timing)}<br>${escapeHtml(finding.certainty)}`)}</div>`
  );
}

function chart(image: ChartImage, legend: ChartLegend): string {
  const { width, height } = image;
  // White under the picture too: its labels are dark in every colour scheme.
  const picture = `<img src="cid:${escapeHtml(image.contentId)}" width="${width}" height="${height}" alt="${escapeHtml(image.alt)}" style="display:block;width:100%;max-width:${width}px;height:auto;border-radius:8px;font-size:13px;line-height:19px;color:#475467">`;
  const keys = [
    key(CHART_COLOURS.observed, legend.observed),
    key(CHART_COLOURS.alarm, legend.alarm),
    key(CHART_COLOURS.expected, legend.expected),
    key(CHART_COLOURS.bandKey, legend.band),
  ];
  return (
    gap(14) +
    layout(
      `<tr><td style="border-radius:8px;padding:4px 0">${picture}</td></tr>`,
      `width="100%" bgcolor="#ffffff" style="background-color:#ffffff;border-radius:8px"`,
    ) +
    `<div style="padding-top:4px">${soft(12, `${escapeHtml(image.caption)}<br>${keys.join(" &nbsp; ")}`)}</div>`
  );
}

function key(colour: string, label: string): string {
  return `<span style="white-space:nowrap"><span style="color:${colour};font-size:15px">&#9632;</span>&nbsp;${escapeHtml(label)}</span>`;
}

function missingChart(reason: string | null): string {
  return reason === null ? "" : `${gap(12)}<div>${soft(13, escapeHtml(reason))}</div>`;
}

function facts(items: readonly Fact[]): string {
  const rows: string[] = [];
  for (let index = 0; index < items.length; index += 2) {
    rows.push(
      `<tr>${items
        .slice(index, index + 2)
        .map(factCell)
        .join("")}</tr>`,
    );
  }
  return (
    gap(14) +
    layout(
      rows.join(""),
      `class="tint" width="100%" bgcolor="${COLOURS.tint}" style="background-color:${COLOURS.tint};border-radius:8px"`,
    )
  );
}

function factCell(fact: Fact): string {
  const note = fact.note ? ` &nbsp;${soft(12, escapeHtml(fact.note))}` : "";
  return `<td width="50%" valign="top" class="ink" style="padding:6px 14px;line-height:19px">${soft(12, escapeHtml(fact.label))}<br><b>${escapeHtml(fact.value)}</b>${note}</td>`;
}

function section(title: string): string {
  return `<h3 style="margin:18px 0 4px;font-size:14px;line-height:21px">${escapeHtml(title)}</h3>`;
}

function concentration(items: readonly Fact[]): string {
  const rows = items.map(
    (item) =>
      `<tr><td valign="top" style="padding:2px 14px 2px 0;white-space:nowrap">${soft(14, escapeHtml(item.label))}</td>` +
      `<td valign="top" class="ink" style="padding:2px 0"><b>${escapeHtml(item.value)}</b> &nbsp;${soft(13, escapeHtml(item.note ?? ""))}</td></tr>`,
  );
  return layout(rows.join(""));
}

function quote({ text, origin }: Quote): string {
  return layout(
    `<tr><td class="line ink" dir="auto" style="border-left:3px solid ${COLOURS.line};padding:1px 12px">${escapeHtml(text)}<br>${soft(12, escapeHtml(origin))}</td></tr>`,
    `width="100%" style="margin-top:8px"`,
  );
}

/** A link as a button that keeps its ground in Outlook. */
function button(label: string, url: string): string {
  return layout(
    `<tr><td bgcolor="${COLOURS.link}" style="border-radius:6px;padding:10px 18px"><a href="${escapeUrl(url)}" style="color:#ffffff;font-weight:600;text-decoration:none">${escapeHtml(label)}</a></td></tr>`,
  );
}
