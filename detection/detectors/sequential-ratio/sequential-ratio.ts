// The default detector: lag-matched expectation, pooled nuisances, sequential evidence. Method and sources: ../../README.md.
import type { Detector } from "../../detector.ts";
import { DEFAULT_SETTINGS, type SequentialRatioSettings } from "./settings.ts";
import { MINIMUM_HISTORY_DAYS, Walk } from "./walk.ts";

export function sequentialRatio(changes: Partial<SequentialRatioSettings> = {}): Detector {
  const settings = { ...DEFAULT_SETTINGS, ...changes };
  return {
    name: "sequential-ratio",
    minimumHistoryDays: MINIMUM_HISTORY_DAYS,
    judge: (panel, options) => new Walk(panel, options, settings).run(),
  };
}
