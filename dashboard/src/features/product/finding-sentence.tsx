import { useTranslation } from "react-i18next";
import type { Anomaly } from "../../api/anomalies.ts";
import { useStatus } from "../../api/status.ts";
import { useFormat, useLabels } from "../../i18n/labels.ts";
import { SeverityBadge } from "../../ui/severity-badge.tsx";
import { isJudgedInPart } from "./judged-in-part.ts";

/** The finding in one plain sentence with its numbers. */
export function FindingSentence({ anomaly }: { readonly anomaly: Anomaly }) {
  const { t } = useTranslation();
  const format = useFormat();
  const labels = useLabels();
  const { reportingCurrency } = useStatus();
  const q = anomaly.q_value;
  const values = {
    cases: t(casesKey(anomaly.watch), { count: anomaly.observed ?? 0, formatted: format.count(anomaly.observed) }),
    reason: labels.reason(anomaly.reason),
    since: format.day(anomaly.started_on),
    until: format.day(anomaly.ended_on),
    expected: format.decimal(anomaly.expected),
    excess: format.decimal(anomaly.excess, 0),
    ratio: format.ratio(anomaly.rate_ratio),
    q: q !== null && q < 0.001 ? t("product.q_small") : t("product.q", { value: format.decimal(q, 3) }),
  };
  return (
    <div data-testid="finding-sentence" className="flex flex-wrap items-start gap-x-3 gap-y-1.5 text-base">
      <SeverityBadge severity={anomaly.severity} />
      <p className="min-w-0 flex-1 basis-72 text-ink" title={t("product.q_hint")}>
        <strong className="font-semibold">
          {anomaly.is_open || !anomaly.ended_on ? t("product.sentence", values) : t("product.sentence_closed", values)}
        </strong>{" "}
        <span className="text-ink-2">
          {anomaly.detected_on ? t("product.detected", { day: format.day(anomaly.detected_on) }) : null}{" "}
          {anomaly.excess_cost
            ? t("product.cost", { amount: format.money(anomaly.excess_cost, reportingCurrency) })
            : null}{" "}
          {isJudgedInPart(anomaly) ? t("product.judged_in_part") : null}
        </span>
      </p>
    </div>
  );
}

/** The word for what the watch counts. */
function casesKey(watch: string) {
  if (watch === "returns") return "cases.returns";
  return watch === "product_complaints" ? "cases.product_complaints" : "cases.any";
}
