import { useTranslation } from "react-i18next";
import { useAnswer } from "../../api/answers.ts";
import { useStatus } from "../../api/status.ts";
import { useFormat } from "../../i18n/labels.ts";
import { useFilters } from "../../url-state/filters.ts";

/** What the figure of the chosen period rests on: cases, coverage, what is too young, how far its exports reach. */
export function DefinitionRest({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const filters = useFilters(useStatus().dataCompleteTo);
  const { data, isError } = useAnswer(id, filters);
  const parts = data
    ? ([
        ["kpi.cases", data.n === null ? null : format.count(data.n)],
        ["kpi.coverage", data.coverage === null ? null : format.percent(data.coverage)],
        ["kpi.immature", data.immature_share === null ? null : format.percent(data.immature_share)],
        [
          "kpi.complete_to",
          data.data_complete_to === null ? t("kpi.complete_unknown") : format.dateTime(data.data_complete_to),
        ],
      ] as const)
    : [];
  return (
    <section aria-label={t("kpi.rests_on")} className="mt-2 border-t border-line pt-2" data-testid="definition-rest">
      <h4 className="text-xs text-ink-3">
        {t("kpi.rests_on")} · {format.period(filters.period)}
      </h4>
      {isError ? <p className="text-ink-2">{t("kpi.rest_failed")}</p> : null}
      <dl>
        {parts.map(([key, text]) =>
          text === null ? null : (
            <div key={key} className="flex justify-between gap-3">
              <dt className="text-ink-2">{t(key)}</dt>
              <dd className="text-right tabular-nums">{text}</dd>
            </div>
          ),
        )}
      </dl>
    </section>
  );
}
