// English words of the mail.
import type { Catalogue, StartWith, WatchUnit } from "./catalogue.ts";

// label; how it continues "32 units returned …"
const REASONS: Readonly<Record<string, readonly [label: string, phrase: string]>> = {
  quality_defect: ["Quality defect", "as defective"],
  size_too_small: ["Too small", "as too small"],
  size_too_large: ["Too large", "as too large"],
  poor_fit: ["Poor fit", "for a poor fit"],
  not_as_described: ["Not as described", "as not as described"],
  damaged_in_transit: ["Damaged in transit", "as damaged in transit"],
  damaged_by_warehouse: ["Damaged by the warehouse", "as damaged by the warehouse"],
  late_delivery: ["Late delivery", "because they came late"],
  never_arrived: ["Never arrived", "as never arrived"],
  undeliverable: ["Undeliverable", "as undeliverable"],
  wrong_item: ["Wrong item", "as the wrong item"],
  missing_parts: ["Missing parts", "for missing parts"],
  extra_item: ["Extra item", "as sent in excess"],
  style_colour: ["Style or colour", "for their style or colour"],
  changed_mind: ["Changed mind", "after a change of mind"],
  unauthorized: ["Not authorised", "as not authorised"],
  customs_tax: ["Customs or tax", "over customs or tax"],
  slow_service: ["Slow service", "over slow service"],
  unclear_policy: ["Unclear policy", "over an unclear policy"],
  usage_question: ["Usage question", "over usage questions"],
  return_request: ["Return or refund wanted", "asking for a return or refund"],
  no_reason: ["No reason given", "without a reason"],
  other: ["Other reason", "for other reasons"],
  unmapped: ["Reason not mapped yet", "for reasons not mapped yet"],
  all: ["All reasons", "for any reason"],
};

const ACTIONS: Readonly<Record<string, string>> = {
  quality_defect:
    "Pause the listing, inspect the stock on hand, and claim from the supplier if the defect is confirmed.",
  size_too_small: "Measure a unit against the size chart, fix the chart, and tell buyers that it runs small.",
  size_too_large: "Measure a unit against the size chart, fix the chart, and tell buyers that it runs large.",
  poor_fit: "Measure a unit against the size chart and add fit notes and measurements to the listing.",
  not_as_described: "Compare a unit with the listing and correct its pictures, title and attributes.",
  damaged_in_transit: "Check the packaging with a drop test, and file claims with the carrier for the damaged parcels.",
  damaged_by_warehouse: "Ask the warehouse for its handling records, and check how the units are stored and packed.",
  late_delivery: "Ask the carrier about the delay, lengthen the promised dates, and write to waiting buyers first.",
  never_arrived: "Open traces with the carrier for the parcels concerned, and reship or refund before disputes start.",
  undeliverable: "Ask the carrier why parcels come back, and check the address rules of the checkout.",
  wrong_item: "Check the barcode and the bin of this product in the warehouse; recount the stock.",
  missing_parts: "Open a few units and check them against the parts list; tell the supplier what is missing.",
  extra_item: "Check the pick-and-pack step in the warehouse and the pack quantity of the listing.",
  style_colour: "Compare the colours of a unit with the pictures of the listing and correct the pictures.",
  changed_mind: "Look for a promotion that drew the wrong buyers, and read the comments for the real reason.",
  unauthorized: "Check these orders for misuse of accounts or cards before you refund them.",
  customs_tax: "Check the declared value and the HS code, and state duties clearly in the listing.",
  slow_service: "Give the open conversations of this product to someone today, and check the cover by time zone.",
  unclear_policy: "Make the return and warranty terms of this listing plain.",
  usage_question: "Add the answer to the listing and to the leaflet in the box.",
};

const DEFAULT_ACTION = "Read the comments and the cases behind this finding to learn the real reason.";
const SLICE = { market: "Market", carrier: "Carrier", lot: "Lot", variant: "Variant" } as const;
const SEVERITY = { high: "High", medium: "Medium", low: "Low" } as const;
const PER_DAY: Readonly<Record<WatchUnit, string>> = {
  returns: "Units returned per day",
  tickets: "Tickets per day",
  cases: "Cases per day",
};

const plural = (count: number, one: string, many: string) => (count === 1 ? one : many);
const label = (reason: string) => REASONS[reason]?.[0] ?? reason;

function startSentence(start: StartWith): string {
  return start ? ` Start with ${SLICE[start.slice].toLowerCase()} ${start.value}.` : "";
}

export const en: Catalogue = {
  language: "en",
  locale: "en-US",
  severity: SEVERITY,
  slice: SLICE,
  word: {
    observed: "Observed",
    expected: "Expected",
    ratio: "Times the usual",
    excess: "More than usual",
    cost: "Cost of the excess",
    costUnknown: "not known",
    peakDay: "Highest day",
    daysAbove: "Days above usual range",
    finding: "Finding",
    observedBars: "Observed",
    alarmBars: "Observed, alarm",
    expectedLine: "Expected",
    band: "Usual range (95 %)",
    concentration: "Where it concentrates",
    quotes: "In the customers’ words",
    action: "Suggested action",
    openFinding: "Open this finding",
    openAftersight: "Open Aftersight",
    allClearHeadline: "No open findings",
    allClearSubject: "Aftersight: no open findings",
    lateTitle: "Data is late",
    lateSubjectPrefix: "[Data is late] ",
    chartFailed: "The chart could not be drawn; all its numbers are in the text.",
    chartNoDays: "There is no chart: the data holds no days for this finding.",
    qValue: "False-finding rate (q)",
    sku: "SKU",
    since: "since",
  },
  reasonLabel: label,
  sentence: ({ unit, reason, observed, expected, excess, ratio, since, until }) => {
    const one = observed === "1";
    const noun =
      unit === "returns"
        ? one
          ? "unit"
          : "units"
        : unit === "tickets"
          ? one
            ? "ticket"
            : "tickets"
          : one
            ? "case"
            : "cases";
    const known = REASONS[reason];
    const about =
      unit === "returns"
        ? ` returned ${known?.[1] ?? `as “${reason}”`}`
        : reason === "all"
          ? ""
          : ` of “${label(reason)}”`;
    const time = until === null ? `since ${since}` : since === until ? `on ${since}` : `from ${since} to ${until}`;
    const were = expected === "1" ? "was" : "were";
    const usual = ratio ? `: ${ratio}, ${excess} more than usual.` : `, so ${excess} more than usual.`;
    return `${observed} ${noun}${about} ${time} where ${expected} ${were} expected${usual}`;
  },
  certainty: (oneIn) =>
    oneIn === null
      ? "How sure: this may well be chance; watch it before you act."
      : `How sure: fewer than 1 in ${oneIn.toLocaleString("en-US")} such findings is chance.`,
  costNote: () => "excess × mean refund",
  timing: (lastAlarm, days) => `Going on for ${days} ${plural(days, "day", "days")}, last alarm on ${lastAlarm}.`,
  peakValue: (day, observed) => `${observed} on ${day}`,
  usualRange: (lower, upper) => `usual range ${lower}–${upper}`,
  daysAboveValue: (above, total) => `${above} of ${total}`,
  share: (units, total) => `${units} of ${total} units`,
  deliveredShare: (share, inProportion) => `${share} of deliveries${inProportion ? ", so nothing special" : ""}`,
  action: (reason, start) => (ACTIONS[reason] ?? DEFAULT_ACTION) + startSentence(start),
  subject: (severity, { product, reason, ratio }, others) => {
    const more = others > 0 ? ` (+${others} more ${plural(others, "finding", "findings")})` : "";
    return `[${SEVERITY[severity]}] ${product}: ${label(reason).toLowerCase()}${ratio ? ` ${ratio} the usual` : " above the usual"}${more}`;
  },
  headline: (count) => `${count} open ${plural(count, "finding", "findings")}`,
  countsBySeverity: (counts) =>
    (["high", "medium", "low"] as const)
      .filter((severity) => counts[severity] > 0)
      .map((severity) => `${counts[severity]} ${SEVERITY[severity].toLowerCase()}`)
      .join(", "),
  completeTo: (time, zone) => `Data complete to ${time} (${zone})`,
  completeUnknown: () => "How far the data is complete is not known",
  late: (time, zone, maxAgeHours) =>
    time === null
      ? "No source tells how far its data is complete. Newer problems may be missing from this mail. Check the exports in the inbox."
      : `The data ends at ${time} (${zone}), more than ${maxAgeHours} hours before this mail. Newer problems are missing, and a finding may have ended since. Check the exports in the inbox.`,
  belowSeverity: (count, severity) =>
    `${count} open ${plural(count, "finding", "findings")} below severity “${SEVERITY[severity].toLowerCase()}” ${plural(count, "is", "are")} left out.`,
  demo: () => "These are demonstration data, not your shop’s.",
  restTitle: (count) => `${count} more ${plural(count, "finding", "findings")}`,
  restMore: (count) => `… and ${count} more, in Aftersight.`,
  allClearSummary: () => "Nothing in your after-sales data stands out from its usual range.",
  chartAlt: ({ unit, from, to, sentence, peak }) =>
    `Chart: ${PER_DAY[unit].toLowerCase()}, ${from} to ${to}. ${sentence}${peak ? ` Highest day: ${peak}.` : ""}`,
  chartCaption: (unit, from, to) => `${PER_DAY[unit]}, ${from} – ${to}`,
  why: (seller) =>
    `You get this mail because your address is on the alert list of Aftersight${seller ? ` for ${seller}` : ""}.`,
  versionLine: (version) => `Data version ${version}`,
};
