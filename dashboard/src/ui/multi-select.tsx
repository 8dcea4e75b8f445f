import { ChevronDown } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "../lib/cn.ts";
import { Button } from "./button.tsx";
import { Popover } from "./popover.tsx";
import type { Option } from "./select.tsx";

interface MultiSelectProps {
  readonly label: string;
  readonly options: readonly Option<string>[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: string[]) => void;
}

/** Lists longer than this get a search box. */
const SEARCHABLE = 8;

/** Checkboxes in a popover; nothing chosen means all. Chosen values stay listed even if the data no longer has them. */
export function MultiSelect({ label, options, chosen, onChange }: MultiSelectProps) {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const searchId = useId();
  const known = new Set(options.map((option) => option.value));
  const all = [...options, ...chosen.filter((value) => !known.has(value)).map((value) => ({ value, label: value }))];
  const wanted = search.trim().toLowerCase();
  const shown = all.filter((option) => `${option.label} ${option.value}`.toLowerCase().includes(wanted));
  const toggle = (value: string) =>
    onChange(chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value]);
  return (
    <Popover
      label={label}
      className="w-60 p-2"
      trigger={
        <Button className={cn(chosen.length > 0 && "border-accent")}>
          <span className="font-normal text-ink-3">{label}</span>
          <span className="max-w-32 truncate">{summary()}</span>
          <ChevronDown aria-hidden className="size-3.5 text-ink-3" />
        </Button>
      }
    >
      {all.length > SEARCHABLE ? (
        <>
          <label htmlFor={searchId} className="sr-only">
            {t("filter.search_values")}
          </label>
          <input
            id={searchId}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            placeholder={t("filter.search_values")}
            className="mb-1.5 h-8 w-full rounded-md border border-line bg-surface px-2 text-sm placeholder:text-ink-3"
          />
        </>
      ) : null}
      <fieldset className="max-h-72 overflow-auto">
        <legend className="sr-only">{label}</legend>
        {shown.map((option) => (
          <label
            key={option.value}
            className="flex cursor-pointer items-center gap-2 rounded px-1.5 py-1.5 hover:bg-hover"
          >
            <input
              type="checkbox"
              checked={chosen.includes(option.value)}
              onChange={() => toggle(option.value)}
              className="size-3.5 accent-[var(--accent)]"
            />
            <span className="truncate">{option.label}</span>
          </label>
        ))}
        {shown.length === 0 ? <p className="px-1.5 py-2 text-ink-3">{t("filter.no_match")}</p> : null}
      </fieldset>
      <div className="mt-1.5 border-t border-line pt-1.5">
        <Button quiet disabled={chosen.length === 0} onClick={() => onChange([])}>
          {t("filter.clear")}
        </Button>
      </div>
    </Popover>
  );

  function summary(): string {
    if (chosen.length === 0) return t("filter.all");
    if (chosen.length > 1) return t("filter.chosen", { count: chosen.length });
    return all.find((option) => option.value === chosen[0])?.label ?? "";
  }
}
