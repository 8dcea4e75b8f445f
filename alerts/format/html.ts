// Message -> HTML of a mail: tables and inline styles only, 600 px, pictures by cid; no SVG, data: URIs, scripts or web fonts.
import { CATALOGUES } from "../catalogue/catalogue.ts";
import type { FindingRow, Message, RestTable } from "../message.ts";
import { escapeHtml, escapeUrl } from "./escape.ts";
import { findingContent, severityChip } from "./html-finding.ts";
import { CARD_TEXT, COLOURS, gap, HEAD_CSS, layout, OUTLOOK_CSS, soft } from "./html-style.ts";

/** Gmail cuts a mail at about 102 KB of HTML. */
export const MAX_HTML_BYTES = 100_000;

/** The whole document. */
export function formatHtml(message: Message): string {
  const language = message.language === "zh" ? "zh-CN" : "en";
  return (
    `<!doctype html><html lang="${language}" xmlns="http://www.w3.org/1999/xhtml" xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta charset="utf-8">` +
    `<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">` +
    `<meta name="format-detection" content="telephone=no,date=no,address=no,email=no"><title>${escapeHtml(message.subject)}</title><style>${HEAD_CSS}</style>` +
    `<!--[if mso]><style>${OUTLOOK_CSS}</style><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><![endif]--></head>` +
    `<body class="page" bgcolor="${COLOURS.page}" style="margin:0;padding:0;background-color:${COLOURS.page}">${preheader(message.preheader)}` +
    layout(
      `<tr><td align="center" class="gutter" style="padding:20px 12px">` +
        `<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->` +
        body(message) +
        `<!--[if mso]></td></tr></table><![endif]--></td></tr>`,
      `class="page" width="100%" bgcolor="${COLOURS.page}" style="background-color:${COLOURS.page}"`,
    ) +
    `</body></html>\n`
  );
}

function body(message: Message): string {
  const { word } = CATALOGUES[message.language];
  const legend = { observed: word.observedBars, alarm: word.alarmBars, expected: word.expectedLine, band: word.band };
  return [
    ...message.warnings.map((each) => card(warning(each), "warn", COLOURS.warnGround)),
    card(header(message)),
    ...message.findings.map((finding) => card(findingContent(finding, legend))),
    message.rest ? card(restTable(message.rest)) : "",
    footer(message),
  ].join("");
}

function card(content: string, name = "card", ground: string = COLOURS.card): string {
  return (
    layout(
      `<tr><td align="left" class="pad" style="${CARD_TEXT};padding:22px 24px">${content}</td></tr>`,
      `class="${name}" width="600" bgcolor="${ground}" style="width:100%;max-width:600px;background-color:${ground};border-radius:10px"`,
    ) + gap(12)
  );
}

function preheader(text: string): string {
  // The padding keeps clients from showing the mail's first words behind it.
  return `<div style="display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;font-size:1px;line-height:1px;mso-hide:all">${escapeHtml(text)}${"&#847;&zwnj;&nbsp;".repeat(40)}</div>`;
}

function warning({ title, text }: Message["warnings"][number]): string {
  return `<div class="warn-ink" style="color:${COLOURS.warnInk}"><b>&#9888;&#65038; ${escapeHtml(title)}</b><br>${escapeHtml(text)}</div>`;
}

function header(message: Message): string {
  const seller = message.sellerName === null ? "" : soft(13, ` · ${escapeHtml(message.sellerName)}`);
  const open = message.findings.length === 0 ? `<p style="margin:14px 0 0">${openLink(message)}</p>` : "";
  return (
    `<div><b>Aftersight</b>${seller}</div><h1 style="margin:8px 0 2px;font-size:24px;line-height:32px">${escapeHtml(message.headline)}</h1>` +
    `<div>${soft(14, escapeHtml(message.summary))}</div>${open}`
  );
}

function openLink({ openLink }: Message): string {
  return `<a href="${escapeUrl(openLink.url)}" class="link" style="color:${COLOURS.link}">${escapeHtml(openLink.label)}</a>`;
}

function restTable(rest: RestTable): string {
  const heading = (text: string, align: string, name = "") =>
    `<th scope="col" align="${align}" valign="bottom" class="line${name}" style="font-weight:600;padding:0 0 6px ${align === "right" ? 12 : 0}px;border-bottom:1px solid ${COLOURS.line}">${soft(12, escapeHtml(text))}</th>`;
  const { finding, observed, expected, ratio } = rest.columns;
  return (
    `<h2 style="margin:0 0 10px;font-size:17px;line-height:24px">${escapeHtml(rest.title)}</h2>` +
    `<table width="100%" cellpadding="0" cellspacing="0" border="0"><tr>${heading(finding, "left")}${heading(observed, "right")}${heading(expected, "right", " off")}${heading(ratio, "right")}</tr>${rest.rows.map(restRow).join("")}</table>` +
    (rest.more === null ? "" : `<div style="padding-top:10px">${soft(13, escapeHtml(rest.more))}</div>`)
  );
}

function restRow(row: FindingRow): string {
  const border = `border-bottom:1px solid ${COLOURS.line}`;
  const number = (text: string, name = "") =>
    `<td align="right" valign="top" class="line ink${name}" style="padding:10px 0 10px 12px;white-space:nowrap;${border}">${escapeHtml(text)}</td>`;
  const about = [row.reasonLabel, ...(row.productCode === null ? [] : [row.productCode]), row.since]
    .map(escapeHtml)
    .join(" · ");
  return (
    `<tr><td valign="top" class="line" style="padding:10px 0;${border}"><a href="${escapeUrl(row.url)}" class="link" style="color:${COLOURS.link};font-weight:600">${escapeHtml(row.productName)}</a><br>` +
    `${severityChip(row.severity, row.severityLabel)} ${soft(12, about)}</td>${number(row.observed)}${number(row.expected, " off")}${number(row.ratio)}</tr>`
  );
}

function footer(message: Message): string {
  const lines = message.footer.map((text) => `${escapeHtml(text)}<br>`).join("");
  return layout(
    `<tr><td align="left" class="pad" style="${CARD_TEXT};padding:6px 24px 20px">${soft(12, `${lines}${openLink(message)}`)}</td></tr>`,
    `width="600" style="width:100%;max-width:600px"`,
  );
}
