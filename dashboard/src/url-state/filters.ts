// The filters every page shares, kept in the address so that a link or a mail opens the same view.
import { parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useMemo } from "react";
import { isDay } from "../lib/day.ts";
import {
  COMPARISONS,
  PRESETS,
  comparisonPeriod,
  lastWholeDay,
  presetPeriod,
  type Comparison,
  type Period,
  type Preset,
} from "../lib/period.ts";

const list = parseAsArrayOf(parseAsString).withDefault([]);

export const filterParsers = {
  /** A preset moves with the data; `from` and `to` (exclusive) win over it when both are given. */
  range: parseAsStringLiteral(PRESETS).withDefault("28d"),
  from: parseAsString,
  to: parseAsString,
  compare: parseAsStringLiteral(COMPARISONS).withDefault("previous"),
  market: list,
  sales_channel: list,
  channel: list,
};

/** The address keys that survive a change of page. */
export const SHARED_KEYS: readonly string[] = [...Object.keys(filterParsers), "lang"];

export interface Filters {
  readonly period: Period;
  /** Null when the days were picked by hand. */
  readonly preset: Preset | null;
  readonly comparison: Comparison;
  readonly formerPeriod: Period | null;
  readonly markets: readonly string[];
  readonly salesChannels: readonly string[];
  readonly contactChannels: readonly string[];
}

export interface FilterValues {
  readonly range: Preset;
  readonly from: string | null;
  readonly to: string | null;
  readonly compare: Comparison;
  readonly market: string[];
  readonly sales_channel: string[];
  readonly channel: string[];
}

/** Resolves address values against the data's end; half-given, reversed or unreadable days fall back to the preset. */
export function resolveFilters(values: FilterValues, completeTo: string): Filters {
  const picked = pickedPeriod(values.from, values.to);
  const period = picked ?? presetPeriod(values.range, lastWholeDay(completeTo));
  return {
    period,
    preset: picked ? null : values.range,
    comparison: values.compare,
    formerPeriod: comparisonPeriod(period, values.compare),
    markets: values.market,
    salesChannels: values.sales_channel,
    contactChannels: values.channel,
  };
}

function pickedPeriod(from: string | null, to: string | null): Period | null {
  return from && to && isDay(from) && isDay(to) && from < to ? { from, to } : null;
}

export function useFilterValues() {
  return useQueryStates(filterParsers, { history: "push" });
}

export function useFilters(completeTo: string): Filters {
  const [values] = useFilterValues();
  return useMemo(() => resolveFilters(values, completeTo), [values, completeTo]);
}

/** The part of an address's search text that other pages keep, with a leading `?` unless empty; `extra` is added. */
export function sharedSearch(search: string, extra: Readonly<Record<string, string>> = {}): string {
  const kept = new URLSearchParams();
  for (const [key, value] of new URLSearchParams(search)) if (SHARED_KEYS.includes(key)) kept.append(key, value);
  for (const [key, value] of Object.entries(extra)) kept.set(key, value);
  const text = kept.toString().replaceAll("%2C", ",");
  return text ? `?${text}` : "";
}
