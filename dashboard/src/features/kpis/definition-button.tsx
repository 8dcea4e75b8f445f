import { Info } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useDefinitions } from "../../api/definitions.ts";
import { useLanguage } from "../../i18n/labels.ts";
import { Popover } from "../../ui/popover.tsx";
import { DefinitionRest } from "./definition-rest.tsx";
import { DefinitionTarget } from "./definition-target.tsx";

interface DefinitionButtonProps {
  readonly id: string;
  readonly name: string;
}

/** Opens the metric's definition card: the same words as in the API and in mails. */
export function DefinitionButton({ id, name }: DefinitionButtonProps) {
  const { t } = useTranslation();
  const definition = useDefinitions(useLanguage()).get(id);
  const label = t("kpi.definition", { name });
  const parts = definition
    ? ([
        ["kpi.formula", definition.formula],
        ["kpi.excluded", definition.excluded],
        ["kpi.anchor", definition.timeAnchor],
        ["kpi.origin", definition.origin],
        ["kpi.owner", definition.owner],
      ] as const)
    : [];
  return (
    <Popover
      label={label}
      align="end"
      className="w-80"
      trigger={
        <button
          type="button"
          aria-label={label}
          className="relative z-10 grid size-6 shrink-0 place-items-center rounded text-ink-3 hover:bg-hover hover:text-ink"
        >
          <Info aria-hidden className="size-3.5" />
        </button>
      }
    >
      {definition ? (
        <>
          <h3 className="mb-1 font-semibold">{definition.name}</h3>
          <p className="mb-2 text-ink-2">{definition.sentence}</p>
          <dl className="space-y-1.5 border-t border-line pt-2">
            {parts.map(([key, text]) =>
              text ? (
                <div key={key}>
                  <dt className="text-xs text-ink-3">{t(key)}</dt>
                  <dd>{text}</dd>
                </div>
              ) : null,
            )}
          </dl>
          <DefinitionTarget id={id} name={name} />
          <DefinitionRest id={id} />
          <p className="mt-2 border-t border-line pt-2 text-xs text-ink-3">{id}</p>
        </>
      ) : (
        <p className="text-ink-2">{t("kpi.no_definition")}</p>
      )}
    </Popover>
  );
}
