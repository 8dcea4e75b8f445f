// Constants of the method, each with what it means. They come from the design's known effects and simulated data, not from single series.

export interface SequentialRatioSettings {
  /** Days after which a past day's weight in the rate has halved. */
  readonly levelHalfLifeDays: number;
  /** The newest days the rate doesn't learn from yet, so that an episode doesn't teach itself normal. */
  readonly holdOutDays: number;
  /** Events' worth of weight the pooled rate of reason × category has in a product's own rate. */
  readonly levelPriorEvents: number;
  /** The same where exposure is unknown, so that rates of different products mean little to each other. */
  readonly unknownLevelPriorEvents: number;
  readonly weekdayHalfLifeDays: number;
  readonly weekdayPriorEvents: number;
  /** Slow common movement of a reason over all products (season, trend). */
  readonly driftHalfLifeDays: number;
  readonly driftPriorEvents: number;
  /** A series' part in a drift is cut at this many standard errors. */
  readonly driftClip: number;
  /** Movement all reasons of a market share. */
  readonly marketHalfLifeDays: number;
  readonly marketPriorEvents: number;
  /** How a product's other reasons speak about its delivery days: smoothing in days and the weight of "as usual". */

  readonly cohortBlurDays: number;
  readonly cohortPriorEvents: number;
  readonly unknownCohortPriorEvents: number;
  /** A market's day counts as disturbed from this many standard errors on. */
  readonly shockThreshold: number;
  /** Events' worth of weight of the pool in a series' dispersion. */
  readonly dispersionPriorEvents: number;
  /** Rise over expectation that is put to the test. */
  readonly ratios: readonly number[];
  /** Share of the starting points that are "arrives at once"; the others are bad lots whose events arrive along the lag. */
  readonly suddenShare: number;
  /** Chance per day that an episode ends: forgets old evidence and closes episodes. */
  readonly endHazard: number;
  /** Evidence is not counted beyond this (natural log), so that an episode can close soon after its end. */
  readonly evidenceCap: number;
  /** Evidence lost since its peak (natural log) that closes an episode. */
  readonly closingDrop: number;
  /** How many posterior standard deviations the mean is raised by before evidence is taken. */
  readonly meanCaution: number;
  /** Slow wobble of a rate nobody models (coefficient of variation). */
  readonly wobble: number;
  /** The same where exposure is borrowed. */
  readonly unknownWobble: number;
  /** Prior odds per day that an episode starts; gives the chance a day belongs to one, by which learning is weighted down. */
  readonly startHazard: number;
  /** A rise that has lasted this long is the new normal. */
  readonly newNormalDays: number;
}

export const DEFAULT_SETTINGS: SequentialRatioSettings = {
  levelHalfLifeDays: 200,
  holdOutDays: 28,
  levelPriorEvents: 4,
  unknownLevelPriorEvents: 1,
  weekdayHalfLifeDays: 180,
  weekdayPriorEvents: 50,
  driftHalfLifeDays: 21,
  driftPriorEvents: 100,
  driftClip: 1.5,
  marketHalfLifeDays: 10,
  marketPriorEvents: 100,
  cohortBlurDays: 3,
  cohortPriorEvents: 40,
  unknownCohortPriorEvents: 3,
  shockThreshold: 2,
  dispersionPriorEvents: 30,
  ratios: [1.5, 2, 3, 5, 8],
  suddenShare: 0.5,
  endHazard: 0.01,
  evidenceCap: 20,
  closingDrop: 2.5,
  meanCaution: 1,
  wobble: 0.12,
  unknownWobble: 0.3,
  startHazard: 0.00001,
  newNormalDays: 150,
};
