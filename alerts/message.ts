// What a notification says, apart from how it looks (format/) and how it travels (channels/).
// All texts are finished sentences in the reader's language; data in them (names, comments) is NOT escaped yet: each format escapes.
export type Language = "en" | "zh";
export type Severity = "high" | "medium" | "low";

/** A label with its value; `note` says how the value is meant. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
}

export interface Quote {
  readonly text: string;
  /** Where and when it was said, e.g. `Germany · 5 Nov`. */
  readonly origin: string;
}

/** A drawn chart as a PNG of `width` × `height` css pixels at twice the density. */
export interface ChartImage {
  readonly contentId: string;
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Says the chart's numbers in words. */
  readonly alt: string;
  readonly caption: string;
}

/** One finding in full. */
export interface FindingBlock {
  readonly anomalyId: string;
  readonly severity: Severity;
  readonly severityLabel: string;
  readonly reasonLabel: string;
  readonly productName: string;
  /** The seller's product code; null where it is the name. */
  readonly productCode: string | null;
  readonly sentence: string;
  readonly certainty: string;
  readonly timing: string;
  readonly facts: readonly Fact[];
  /** Null where the finding has no days to draw. */
  readonly chart: ChartImage | null;
  /** Says why there is no chart. */
  readonly chartMissing: string | null;
  readonly concentration: { readonly title: string; readonly items: readonly Fact[] } | null;
  readonly quotes: { readonly title: string; readonly items: readonly Quote[] } | null;
  readonly action: { readonly title: string; readonly text: string };
  readonly link: { readonly label: string; readonly url: string };
}

/** One finding as a line of the closing table. */
export interface FindingRow {
  readonly anomalyId: string;
  readonly severity: Severity;
  readonly severityLabel: string;
  readonly productName: string;
  /** The seller's product code; null where it is the name. */
  readonly productCode: string | null;
  readonly reasonLabel: string;
  readonly observed: string;
  readonly expected: string;
  readonly ratio: string;
  readonly since: string;
  readonly url: string;
}

export interface RestTable {
  readonly title: string;
  readonly columns: {
    readonly finding: string;
    readonly observed: string;
    readonly expected: string;
    readonly ratio: string;
  };
  readonly rows: readonly FindingRow[];
  /** Counts the findings that have no line either. */
  readonly more: string | null;
}

export interface Message {
  readonly language: Language;
  readonly subject: string;
  /** What a mail client shows beside the subject. */
  readonly preheader: string;
  readonly sellerName: string | null;
  readonly headline: string;
  readonly summary: string;
  /** Shown on top, before any finding, e.g. that the data is late. */
  readonly warnings: readonly { readonly title: string; readonly text: string }[];
  readonly findings: readonly FindingBlock[];
  readonly rest: RestTable | null;
  readonly openLink: { readonly label: string; readonly url: string };
  readonly footer: readonly string[];
}
