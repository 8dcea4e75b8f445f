// A control, not for use: z-score of the day's rate against the last 28 days, what many BI tools ship (a Shewhart chart, Shewhart 1931).
// The default detector has to beat it; tests and the benchmark run it beside.
import { DEFAULT_OPTIONS, type Detector } from "../../detector.ts";
import { emptyJudgement } from "../../judgement.ts";
import type { Series } from "../../series.ts";
import { normalCdf, normalQuantile } from "../../statistics/dist.ts";

const WINDOW_DAYS = 28;
const ALARM_Z = 3;

export const naiveRate: Detector = {
  name: "naive-rate",
  minimumHistoryDays: WINDOW_DAYS,
  judge(panel, options = DEFAULT_OPTIONS) {
    return panel.series.map((series) => {
      const judged = emptyJudgement(series.seriesId, options.judgeFrom, panel.dayCount);
      for (let day = Math.max(WINDOW_DAYS, options.judgeFrom); day < panel.dayCount; day++) {
        judgeDay(series, day, judged, day - options.judgeFrom);
      }
      return judged;
    });
  },
};

function judgeDay(series: Series, day: number, out: ReturnType<typeof emptyJudgement>, at: number): void {
  const units = (d: number): number => Math.max(1, series.exposure?.[d] ?? 1);
  const rates: number[] = [];
  for (let d = day - WINDOW_DAYS; d < day; d++) {
    const rate = series.counts[d]! / units(d);
    if (!Number.isNaN(rate)) rates.push(rate);
  }
  const count = series.counts[day]!;
  if (Number.isNaN(count) || rates.length < WINDOW_DAYS / 2) return;
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  const variance = rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / rates.length;
  const spread = Math.max(Math.sqrt(variance) * units(day), 0.5);
  const z = (count - mean * units(day)) / spread;
  const reach = normalQuantile(0.975) * spread;
  out.exposure[at] = series.exposure?.[day] ?? Number.NaN;
  out.expected[at] = mean * units(day);
  out.lower[at] = Math.max(0, mean * units(day) - reach);
  out.upper[at] = mean * units(day) + reach;
  out.score[at] = z;
  out.pValue[at] = normalCdf(-z);
  out.isAlarm[at] = z > ALARM_Z ? 1 : 0;
}
