// All detectors. To add one: a folder in detectors/ and a line here; the benchmark and the contract tests run every line.
import type { Detector } from "./detector.ts";
import { naiveRate } from "./detectors/naive-rate/naive-rate.ts";
import { sequentialRatio } from "./detectors/sequential-ratio/sequential-ratio.ts";

/** The one the pipeline and the `detect` command use. */
export const DEFAULT_DETECTOR: Detector = sequentialRatio();

export const DETECTORS: readonly Detector[] = [DEFAULT_DETECTOR, naiveRate];
