import type { TFunction } from "i18next";
import { useId, useState, type FormEvent, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { useSetTarget, useTargets, type Direction, type Target } from "../../api/targets.ts";
import { useFormat, useLanguage } from "../../i18n/labels.ts";
import { Button } from "../../ui/button.tsx";
import { METRICS } from "./metric-list.ts";
import { parseTyped, typedValue, unitOf, type TargetUnit } from "./target-unit.ts";

/** The figure's target, labelled as one, with where it comes from; a click or Enter edits it. */
export function DefinitionTarget({ id, name }: { readonly id: string; readonly name: string }) {
  const { t } = useTranslation();
  const [isEdited, setEdited] = useState(false);
  const { data } = useTargets(useLanguage());
  if (!data) return null;
  const target = data.targets.find(({ measure }) => measure === id) ?? null;
  const metric = METRICS.find(({ definition }) => definition === id);
  const unit = unitOf(metric?.kind);
  return (
    <section aria-label={t("target.label")} className="mt-2 border-t border-line pt-2" data-testid="definition-target">
      <div className="flex items-start justify-between gap-2">
        <h4 className="pt-1 text-xs text-ink-3">
          {target?.kind === "reference" ? t("target.reference") : t("target.label")}
        </h4>
        {isEdited ? null : (
          <Button quiet aria-label={t("target.edit_of", { name })} onClick={() => setEdited(true)}>
            {t("target.edit")}
          </Button>
        )}
      </div>
      {isEdited ? (
        <TargetForm
          id={id}
          unit={unit}
          target={target}
          better={metric?.better === "down" ? "at_most" : "at_least"}
          onDone={() => setEdited(false)}
        />
      ) : (
        <TargetText target={target} unit={unit} source={data.source} />
      )}
    </section>
  );
}

function TargetText({ target, unit, source }: { target: Target | null; unit: TargetUnit; source: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!target) return <p className="text-ink-2">{t("target.none")}</p>;
  const changed = target.changed_at?.slice(0, 10) ?? null;
  return (
    <>
      <p className="font-medium">
        {t(`target.${target.direction}`, { value: `${typedValue(target.value, unit)}${unitText(unit, t)}` })}
      </p>
      <p className="text-xs text-ink-3">
        {target.wording === null
          ? t("target.set_by", { who: whoText(target.changed_by, t("target.local_user")), day: format.day(changed) })
          : `${target.wording} ${source}`}
      </p>
    </>
  );
}

function unitText(unit: TargetUnit, t: TFunction): string {
  return unit === "number" ? "" : t(`target.unit_${unit}`);
}

function whoText(who: string | null, localUser: string): string {
  return who === null || who === "local user" ? localUser : who;
}

interface TargetFormProps {
  readonly id: string;
  readonly unit: TargetUnit;
  readonly target: Target | null;
  readonly better: Direction;
  readonly onDone: () => void;
}

/** Enter saves, Esc leaves everything as it was. */
function TargetForm({ id, unit, target, better, onDone }: TargetFormProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(target ? typedValue(target.value, unit) : "");
  const [direction, setDirection] = useState<Direction>(target?.direction ?? better);
  const setTarget = useSetTarget();
  const hint = useId();
  const value = parseTyped(text, unit);
  const save = (change: { value: number; direction: Direction } | null) =>
    setTarget.mutate({ measure: id, target: change }, { onSuccess: onDone });
  // The card stays open: Esc here takes back the edit only.
  const cancelOnEscape = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    onDone();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (value !== null) save({ value, direction });
  };
  return (
    <form onSubmit={submit}>
      <div className="flex flex-wrap items-center gap-1.5">
        <select
          aria-label={t("target.direction")}
          value={direction}
          onKeyDown={cancelOnEscape}
          onChange={(event) => setDirection(event.target.value === "at_most" ? "at_most" : "at_least")}
          className="h-8 rounded-md border border-line bg-surface px-1.5 text-sm"
        >
          <option value="at_most">{t("target.most")}</option>
          <option value="at_least">{t("target.least")}</option>
        </select>
        <input
          aria-label={t("target.value")}
          aria-describedby={hint}
          aria-invalid={text !== "" && value === null}
          inputMode="decimal"
          // The reader asked to edit: the field is where the keyboard belongs.
          ref={(input) => input?.focus()}
          value={text}
          onKeyDown={cancelOnEscape}
          onChange={(event) => setText(event.target.value)}
          className="h-8 w-20 rounded-md border border-line bg-surface px-2 text-right text-sm tabular-nums aria-invalid:border-bad"
        />
        <span>{unitText(unit, t)}</span>
        <Button type="submit" disabled={value === null || setTarget.isPending}>
          {t("target.save")}
        </Button>
        <Button quiet onClick={onDone}>
          {t("target.cancel")}
        </Button>
        {target?.origin === "own" ? (
          <Button quiet onClick={() => save(null)}>
            {t("target.reset")}
          </Button>
        ) : null}
      </div>
      <p id={hint} aria-live="polite" className="mt-1 text-xs text-ink-3">
        {setTarget.isError
          ? t("target.failed")
          : text !== "" && value === null
            ? t("target.invalid")
            : t("target.keys")}
      </p>
    </form>
  );
}
