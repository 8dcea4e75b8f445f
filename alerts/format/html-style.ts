// The mail's look: inline styles that Outlook's Word engine understands, and classes for clients that know media queries.
import type { Severity } from "../message.ts";

const FONT_STACK =
  "-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif";

export const COLOURS = {
  page: "#f2f4f7",
  card: "#ffffff",
  ink: "#101828",
  soft: "#475467",
  line: "#e4e7ec",
  tint: "#f8f9fb",
  link: "#1d4ed8",
  warnGround: "#fef0c7",
  warnInk: "#7a2e0e",
} as const;

export const SEVERITY_COLOURS: Readonly<Record<Severity, string>> = { high: "#b42318", medium: "#b54708", low: "#475467" };

/** An inline style of our text in the given size; `extra` goes behind. */
export function textStyle(size: number, lineHeight: number, colour: string, extra = ""): string {
  return `font-family:${FONT_STACK};font-size:${size}px;line-height:${lineHeight}px;color:${colour};${extra}`;
}

/** Narrow screens and dark mode. Clients that drop it show the light mail at 600 px. */
export const HEAD_CSS = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
body{margin:0;padding:0;width:100%}
table{border-collapse:collapse}
img{border:0;display:block;max-width:100%;height:auto}
a{text-decoration:underline}
@media (max-width:520px){
.pad{padding-left:16px!important;padding-right:16px!important}
.gutter{padding-left:0!important;padding-right:0!important}
.half{display:block!important;width:100%!important;box-sizing:border-box!important}
.narrow-off{display:none!important}
.button{display:block!important;text-align:center!important}
}
@media (prefers-color-scheme:dark){
.page{background-color:#0c111d!important}
.card{background-color:#161b26!important;border-color:#333741!important}
.tint{background-color:#1f242f!important}
.line{border-color:#333741!important}
.ink{color:#f5f5f6!important}
.soft{color:#b3b8c2!important}
.link{color:#84adff!important}
.warn{background-color:#4e1d09!important;border-color:#93370d!important}
.warn-ink{color:#fedf89!important}
}
`
  .trim()
  .replaceAll("\n", "");
