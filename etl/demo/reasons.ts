// Why goods come back in the demo: how often by category, how long after delivery, and in which words each system says it.
import type { CategoryId } from "./catalogue.ts";
import type { Random } from "./random.ts";

export const RETURN_REASONS = [
  "quality_defect",
  "size_too_small",
  "size_too_large",
  "poor_fit",
  "not_as_described",
  "style_colour",
  "damaged_in_transit",
  "wrong_item",
  "missing_parts",
  "changed_mind",
  "late_delivery",
  "never_arrived",
  "undeliverable",
  "unauthorized",
  "no_reason",
] as const;

export type ReturnReason = (typeof RETURN_REASONS)[number];

/** What a customer writes about: the return reasons that people put into words, and questions. */
export const TOPICS = [
  "late_delivery",
  "never_arrived",
  "quality_defect",
  "size_too_small",
  "size_too_large",
  "poor_fit",
  "not_as_described",
  "style_colour",
  "damaged_in_transit",
  "wrong_item",
  "missing_parts",
  "changed_mind",
  "usage_question",
  "customs_tax",
  "unclear_policy",
  "slow_service",
  "other",
] as const;

export type Topic = (typeof TOPICS)[number];

/** Returns per 1,000 delivered units, before product and market factors. Reasons that are the carrier's come from the parcel. */
export const PER_MILLE: Readonly<Record<CategoryId, Partial<Record<ReturnReason, number>>>> = {
  earbuds: { quality_defect: 22, not_as_described: 8, changed_mind: 12, missing_parts: 2, wrong_item: 2, no_reason: 6 },
  watch: {
    quality_defect: 24,
    not_as_described: 12,
    changed_mind: 15,
    missing_parts: 3,
    style_colour: 4,
    no_reason: 7,
  },
  dress: {
    size_too_small: 44,
    size_too_large: 30,
    poor_fit: 16,
    style_colour: 22,
    not_as_described: 14,
    quality_defect: 10,
    changed_mind: 15,
    wrong_item: 3,
    no_reason: 8,
  },
  sneakers: {
    size_too_small: 38,
    size_too_large: 21,
    poor_fit: 13,
    style_colour: 11,
    quality_defect: 12,
    changed_mind: 12,
    not_as_described: 6,
    wrong_item: 2,
    no_reason: 5,
  },
  kitchen: { quality_defect: 14, not_as_described: 6, missing_parts: 4, changed_mind: 8, wrong_item: 1, no_reason: 4 },
  toy: { quality_defect: 8, missing_parts: 7, not_as_described: 6, changed_mind: 8, wrong_item: 1, no_reason: 4 },
  lamp: { quality_defect: 11, not_as_described: 8, style_colour: 7, missing_parts: 4, changed_mind: 8, no_reason: 4 },
  bag: { quality_defect: 9, style_colour: 12, not_as_described: 8, changed_mind: 10, wrong_item: 1, no_reason: 4 },
};

/** Breakage on the way per 1,000 units, added to the lane's own rate. */
export const FRAGILE_PER_MILLE: Readonly<Record<CategoryId, number>> = {
  earbuds: 1,
  watch: 2,
  dress: 0.3,
  sneakers: 0.5,
  kitchen: 6,
  toy: 2,
  lamp: 11,
  bag: 0.5,
};

/** Questions per 1,000 delivered units. */
export const QUESTIONS_PER_MILLE: Readonly<Record<CategoryId, number>> = {
  earbuds: 32,
  watch: 50,
  dress: 4,
  sneakers: 3,
  kitchen: 14,
  toy: 8,
  lamp: 10,
  bag: 2,
};

/** Mean days from delivery until the customer asks for the return; the defects of use show late. */
const MEAN_LAG_DAYS: Partial<Record<ReturnReason, number>> = {
  quality_defect: 9.5,
  damaged_in_transit: 1.4,
  wrong_item: 1.6,
  missing_parts: 2,
  late_delivery: 0.8,
  undeliverable: 0.5,
};

/** Days from delivery to the request. */
export function requestLagDays(reason: ReturnReason, random: Random): number {
  return Math.min(80, random.gamma(1.6, MEAN_LAG_DAYS[reason] ?? 5));
}

export const AMAZON_REASONS: Readonly<Record<ReturnReason, readonly string[]>> = {
  quality_defect: ["DEFECTIVE", "DEFECTIVE", "QUALITY_UNACCEPTABLE"],
  size_too_small: ["APPAREL_TOO_SMALL"],
  size_too_large: ["APPAREL_TOO_LARGE"],
  poor_fit: ["POOR_FIT"],
  not_as_described: ["NOT_AS_DESCRIBED", "NOT_AS_DESCRIBED", "NOT_COMPATIBLE"],
  style_colour: ["APPAREL_STYLE"],
  damaged_in_transit: [...Array<string>(6).fill("DAMAGED_BY_CARRIER"), "DAMAGED_BY_FC"],
  wrong_item: ["SWITCHEROO"],
  missing_parts: ["MISSING_PARTS"],
  changed_mind: ["UNWANTED_ITEM", "UNWANTED_ITEM", "ORDERED_WRONG_ITEM", "MISORDERED", "FOUND_BETTER_PRICE"],
  late_delivery: ["MISSED_ESTIMATED_DELIVERY"],
  never_arrived: ["NEVER_ARRIVED"],
  undeliverable: [
    "UNDELIVERABLE_UNKNOWN",
    "UNDELIVERABLE_REFUSED",
    "UNDELIVERABLE_FAILED_DELIVERY_ATTEMPTS",
    "UNDELIVERABLE_INSUFFICIENT_ADDRESS",
    "UNDELIVERABLE_UNCLAIMED",
  ],
  unauthorized: ["UNAUTHORIZED_PURCHASE"],
  no_reason: ["NO_REASON_GIVEN", "NO_REASON_GIVEN", "OTHER"],
};

/** The words in the own shop's RMA sheet; returns.mapping.yml says what they mean. */
export const MERCHANT_REASONS: Readonly<Record<ReturnReason, string>> = {
  quality_defect: "Defective (产品质量)",
  size_too_small: "Too small (尺码偏小)",
  size_too_large: "Too big (尺码偏大)",
  poor_fit: "Does not fit well (版型不合)",
  not_as_described: "Not as described (描述不符)",
  style_colour: "Style or colour (款式颜色)",
  damaged_in_transit: "Arrived damaged (运输破损)",
  wrong_item: "Wrong item sent (错发)",
  missing_parts: "Parts missing (漏发)",
  changed_mind: "No longer wanted (不想要了)",
  late_delivery: "Came too late (物流延迟)",
  never_arrived: "Lost parcel (丢件)",
  undeliverable: "Came back undelivered (无法投递)",
  unauthorized: "Not ordered by me (未授权)",
  no_reason: "-",
};

/** Values of the Zendesk drop-down "contact reason". */
export const ZENDESK_REASONS: Readonly<Record<Topic, string>> = {
  late_delivery: "where_is_my_order",
  never_arrived: "never_arrived",
  quality_defect: "quality_defect",
  size_too_small: "size_too_small",
  size_too_large: "size_too_large",
  poor_fit: "poor_fit",
  not_as_described: "not_as_described",
  style_colour: "style_colour",
  damaged_in_transit: "damaged_in_transit",
  wrong_item: "wrong_item",
  missing_parts: "missing_parts",
  changed_mind: "changed_mind",
  usage_question: "usage_question",
  customs_tax: "customs_tax",
  unclear_policy: "unclear_policy",
  slow_service: "slow_service",
  other: "other",
};
