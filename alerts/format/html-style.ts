// The mail's look: inline styles that every client understands, and classes for clients that know media queries.
import type { Severity } from "../message.ts";

const FONT_STACK =
  "-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif";

export const COLOURS = {
  page: "#f2f4f7",
  card: "#ffffff",
  ink: "#101828",
  soft: "#475467",
  line: "#e4e7ec",
  tint: "#f6f7f9",
  link: "#1d4ed8",
  warnGround: "#fef0c7",
  warnInk: "#7a2e0e",
} as const;

export const SEVERITY_COLOURS: Readonly<Record<Severity, string>> = {
  high: "#b42318",
  medium: "#b54708",
  low: "#475467",
};

/** On the one cell of each card; all that stands in it inherits, which keeps the mail small. */
export const CARD_TEXT = `font-family:Segoe UI,Arial,sans-serif;font-size:14px;line-height:21px;color:${COLOURS.ink}`;

/** Secondary text of the given size. */
export function soft(size: 12 | 13 | 14, html: string): string {
  return `<span class="soft" style="font-size:${size}px;color:${COLOURS.soft}">${html}</span>`;
}

/** Empty height between blocks: Outlook ignores the margins of tables. */
export function gap(pixels: number): string {
  return `<div style="font-size:0;line-height:${pixels}px;height:${pixels}px">&nbsp;</div>`;
}

/** A table for layout only, with its rows. */
export function layout(rows: string, attributes = ""): string {
  return `<table role="presentation" cellpadding="0" cellspacing="0" border="0"${attributes ? ` ${attributes}` : ""}>${rows}</table>`;
}

/** Outlook's Word engine passes no text style on into nested tables. */
export const OUTLOOK_CSS =
  "td,th,p,div,a,span,b,h1,h2,h3{font-family:Segoe UI,Arial,sans-serif}td,th{font-size:14px;line-height:21px}";

/** Narrow screens and dark mode. Clients that drop it show the light mail at 600 px. */
export const HEAD_CSS = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
body,td,th{font-family:${FONT_STACK}!important}
body{margin:0;padding:0;width:100%}
img{border:0}
td,h2{word-break:break-word}
@media (max-width:520px){
.pad{padding-left:16px!important;padding-right:16px!important}
.gutter{padding-left:0!important;padding-right:0!important}
.off{display:none!important}
}
@media (prefers-color-scheme:dark){
.page{background-color:#0c111d!important}
.card{background-color:#161b26!important}
.tint{background-color:#222733!important}
.line{border-color:#3b404d!important}
.pad,.ink{color:#f0f1f3!important}
.soft{color:#b3b8c2!important}
.link{color:#93b4ff!important}
.warn{background-color:#4e1d09!important}
.warn-ink{color:#fedf89!important}
}
`
  .trim()
  .replaceAll("\n", "");
