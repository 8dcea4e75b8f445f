import { ArrowDown, ArrowRight, ArrowUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../i18n/labels.ts";
import { cn } from "../../lib/cn.ts";
import type { Delta } from "../../lib/delta.ts";

const TONES = { good: "text-good", bad: "text-bad", neutral: "text-ink-2" } as const;
const ICONS = { up: ArrowUp, down: ArrowDown, flat: ArrowRight } as const;

/** Arrow, amount and the word better or worse: colour is never the only sign. */
export function DeltaText({ delta }: { readonly delta: Delta }) {
  const { t } = useTranslation();
  const format = useFormat();
  const Icon = ICONS[delta.direction];
  const signed =
    delta.kind === "points"
      ? t("kpi.points", { amount: format.signedPoints(delta.amount) })
      : format.signedPercent(delta.amount);
  const amount = signed.replace(/^[+\-−]/, "");
  return (
    <span
      className={cn(
        "inline-flex flex-wrap items-center gap-x-1 text-xs font-medium whitespace-nowrap",
        TONES[delta.tone],
      )}
    >
      <Icon aria-hidden className="-mr-0.5 size-3.5" />
      <span className="sr-only">
        {delta.direction === "flat" ? t("kpi.flat") : t(`kpi.${delta.direction}`, { amount })}
      </span>
      <span aria-hidden>{delta.direction === "flat" ? t("kpi.flat") : amount}</span>
      {delta.isWithinChance ? <span className="font-normal">{t("kpi.chance")}</span> : null}
      {delta.tone === "neutral" ? null : <span className="font-normal">{t(`kpi.${delta.tone}`)}</span>}
    </span>
  );
}
