// Message -> HTML of a mail: tables and inline styles only, 600 px, pictures by cid; no SVG, data: URIs, scripts or web fonts.
import { CATALOGUES } from "../catalogue/catalogue.ts";
import type { Message, RestTable } from "../message.ts";
import { escapeHtml, escapeUrl } from "./escape.ts";
import { findingCard, row, severityChip } from "./html-finding.ts";
import { COLOURS, HEAD_CSS, textStyle } from "./html-style.ts";

/** Gmail cuts a mail at about 102 KB of HTML. */
export const MAX_HTML_BYTES = 100_000;

/** The whole document. */
export function formatHtml(message: Message): string {
  const language = message.language === "zh" ? "zh-CN" : "en";
  return (
    `<!doctype html><html lang="${language}" xmlns="http://www.w3.org/1999/xhtml" xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta charset="utf-8">` +
    `<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">` +
    `<meta name="format-detection" content="telephone=no,date=no,address=no,email=no"><title>${escapeHtml(message.subject)}</title>` +
    `<!--[if mso]><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><![endif]-->` +
    `<style>${HEAD_CSS}</style></head>` +
    `<body class="page" bgcolor="${COLOURS.page}" style="margin:0;padding:0;background-color:${COLOURS.page}">${preheader(message.preheader)}` +
    `<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="${COLOURS.page}" style="background-color:${COLOURS.page}"><tr><td align="center" class="gutter" style="padding:20px 12px">` +
    `<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->` +
    body(message) +
    `<!--[if mso]></td></tr></table><![endif]--></td></tr></table></body></html>\n`
  );
}

function body(message: Message): string {
  const { word } = CATALOGUES[message.language];
  const legend = { observed: word.observedBars, alarm: word.alarmBars, expected: word.expectedLine, band: word.band };
  return [
    ...message.warnings.map((warning) => card(warningRow(warning), "warn", COLOURS.warnGround)),
    card(header(message)),
    ...message.findings.map((finding) => card(findingCard(finding, legend))),
    message.rest ? card(restTable(message.rest)) : "",
    footer(message),
  ].join("");
}

function card(rows: string, name = "card", ground: string = COLOURS.card): string {
  return (
    `<table role="presentation" class="${name}" width="600" cellpadding="0" cellspacing="0" border="0" bgcolor="${ground}" style="width:100%;max-width:600px;background-color:${ground};border-radius:10px;border-collapse:separate">${rows}</table>` +
    `<div style="font-size:0;line-height:12px;height:12px">&nbsp;</div>`
  );
}

function preheader(text: string): string {
  // The padding keeps clients from showing the mail's first words behind it.
  return `<div style="display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;font-size:1px;line-height:1px;mso-hide:all">${escapeHtml(text)}${"&#847;&zwnj;&nbsp;".repeat(40)}</div>`;
}

function warningRow(warning: Message["warnings"][number]): string {
  return row(
    `<p class="warn-ink" style="margin:0;${textStyle(15, 22, COLOURS.warnInk, "font-weight:700")}">&#9888; ${escapeHtml(warning.title)}</p>` +
      `<p class="warn-ink" style="margin:4px 0 0;${textStyle(14, 21, COLOURS.warnInk)}">${escapeHtml(warning.text)}</p>`,
    "16px 24px",
  );
}

function header(message: Message): string {
  const seller = message.sellerName === null ? "" : ` · ${escapeHtml(message.sellerName)}`;
  const only =
    message.findings.length === 0
      ? `<p style="margin:14px 0 0;${textStyle(14, 21, COLOURS.link)}"><a href="${escapeUrl(message.openLink.url)}" class="link" style="color:${COLOURS.link}">${escapeHtml(message.openLink.label)}</a></p>`
      : "";
  return row(
    `<div class="soft" style="${textStyle(13, 20, COLOURS.soft)}"><b class="ink" style="color:${COLOURS.ink}">Aftersight</b>${seller}</div>` +
      `<h1 class="ink" style="margin:10px 0 0;${textStyle(24, 32, COLOURS.ink, "font-weight:700")}">${escapeHtml(message.headline)}</h1>` +
      `<p class="soft" style="margin:4px 0 0;${textStyle(14, 21, COLOURS.soft)}">${escapeHtml(message.summary)}</p>${only}`,
    "22px 24px",
  );
}

function restTable(rest: RestTable): string {
  const heading = (text: string, align: string, name = "") =>
    `<th scope="col" align="${align}" valign="bottom" class="soft line ${name}" style="${textStyle(12, 18, COLOURS.soft, `font-weight:600;padding:0 0 6px ${align === "right" ? "12px" : "0"};border-bottom:1px solid ${COLOURS.line}`)}">${escapeHtml(text)}</th>`;
  const number = (text: string, name = "") =>
    `<td align="right" valign="top" class="ink line ${name}" style="${textStyle(14, 21, COLOURS.ink, `padding:10px 0 10px 12px;border-bottom:1px solid ${COLOURS.line};white-space:nowrap`)}">${escapeHtml(text)}</td>`;
  const rows = rest.rows.map(
    (each) =>
      `<tr><td valign="top" class="line" style="padding:10px 0;border-bottom:1px solid ${COLOURS.line}">` +
      `<a href="${escapeUrl(each.url)}" class="link" style="${textStyle(14, 21, COLOURS.link, "font-weight:600;word-break:break-word")}">${escapeHtml(each.productName)}</a>` +
      `<div class="soft" style="${textStyle(12, 20, COLOURS.soft, "word-break:break-word")}">${severityChip(each.severity, each.severityLabel)} ${escapeHtml(each.reasonLabel)} · SKU ${escapeHtml(each.productId)} · ${escapeHtml(each.since)}</div></td>` +
      `${number(each.observed)}${number(each.expected, "narrow-off")}${number(each.ratio)}</tr>`,
  );
  const more = rest.more === null ? "" : `<p class="soft" style="margin:10px 0 0;${textStyle(13, 20, COLOURS.soft)}">${escapeHtml(rest.more)}</p>`;
  return row(
    `<h2 class="ink" style="margin:0 0 10px;${textStyle(17, 24, COLOURS.ink, "font-weight:700")}">${escapeHtml(rest.title)}</h2>` +
      `<table width="100%" cellpadding="0" cellspacing="0" border="0"><tr>${heading(rest.columns.finding, "left")}${heading(rest.columns.observed, "right")}${heading(rest.columns.expected, "right", "narrow-off")}${heading(rest.columns.ratio, "right")}</tr>${rows.join("")}</table>${more}`,
    "22px 24px",
  );
}

function footer(message: Message): string {
  const lines = message.footer.map((text) => `${escapeHtml(text)}<br>`).join("");
  return `<table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:600px">${row(
    `<p class="soft" style="margin:0;${textStyle(12, 19, COLOURS.soft)}">${lines}<a href="${escapeUrl(message.openLink.url)}" class="link" style="color:${COLOURS.link}">${escapeHtml(message.openLink.label)}</a></p>`,
    "6px 24px 20px",
  )}</table>`;
}
