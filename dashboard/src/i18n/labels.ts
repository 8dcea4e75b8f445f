// Words for the codes that Cube sends: reasons, channels, markets… A code without a word is shown readable, never hidden.
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { carrierName } from "./carriers.ts";
import { formatterFor, type Formatter, type Language } from "../lib/format.ts";
import { en } from "./en.ts";

export function useLanguage(): Language {
  const { i18n } = useTranslation();
  return i18n.language === "zh" ? "zh" : "en";
}

export function useFormat(): Formatter {
  return formatterFor(useLanguage());
}

/** `north_sea-hub` → `North sea-hub`. */
export function humanised(code: string): string {
  const words = code.replaceAll("_", " ").trim();
  return words === "" ? "?" : words[0]?.toUpperCase() + words.slice(1);
}

export interface Labels {
  readonly reason: (code: string) => string;
  readonly group: (code: string) => string;
  readonly severity: (code: string) => string;
  readonly channel: (code: string) => string;
  readonly status: (code: string) => string;
  readonly resolution: (code: string) => string;
  readonly watch: (code: string) => string;
  /** A carrier event's or shipment's state. */
  readonly event: (code: string) => string;
  readonly market: (code: string) => string;
  readonly language: (code: string) => string;
  /** A free value (category, lot): as it is, only `unknown` has a word. */
  readonly plain: (value: string) => string;
  readonly carrier: (code: string) => string;
  readonly lane: (value: string) => string;
}

const LANE = /^(.+)→(.+?)(?: · (.+))?$/;

/** `CN→DE · dhl-ecommerce` with the carrier's word in it; null when nothing of the lane is known. */
export function laneName(lane: string, carrier: (code: string) => string): string | null {
  const [, from = "unknown", to = "unknown", code] = LANE.exec(lane) ?? [];
  if (from === "unknown" && to === "unknown" && (code ?? "unknown") === "unknown") return null;
  const place = (value: string) => (value === "unknown" ? "?" : value);
  return `${place(from)}→${place(to)}${code === undefined ? "" : ` · ${carrier(code)}`}`;
}

type CodeArea = "reason" | "group" | "severity" | "channel" | "status" | "resolution" | "watch" | "event";

export function useLabels(): Labels {
  const { t } = useTranslation();
  const language = useLanguage();
  return useMemo(() => {
    const names = displayNames(language);
    const unknown = t("unknown");
    const word = (area: CodeArea) => (code: string) => {
      if (code === "unknown" || code === "") return unknown;
      // The key is built from data, so it's looked up by name; the catalogue decides whether it exists.
      return code in en[area] ? t(`${area}.${code}` as "unknown") : humanised(code);
    };
    const plain = (value: string) => (value === "unknown" || value === "" ? unknown : value);
    const carrier = (code: string) => (code === "unknown" || code === "" ? unknown : carrierName(code, language));
    return {
      reason: word("reason"),
      group: word("group"),
      severity: word("severity"),
      channel: word("channel"),
      status: word("status"),
      resolution: word("resolution"),
      watch: word("watch"),
      event: word("event"),
      market: (code) => (/^[A-Z]{2}$/.test(code) ? (names.region.of(code) ?? code) : plain(code)),
      language: (code) => (/^[a-z]{2,3}(-\w+)?$/.test(code) ? (names.language.of(code) ?? code) : plain(code)),
      plain,
      carrier,
      lane: (value) => laneName(value, carrier) ?? t("unknown_lane"),
    };
  }, [t, language]);
}

function displayNames(language: Language) {
  return {
    region: new Intl.DisplayNames([language], { type: "region", fallback: "code" }),
    language: new Intl.DisplayNames([language], { type: "language", fallback: "code" }),
  };
}
