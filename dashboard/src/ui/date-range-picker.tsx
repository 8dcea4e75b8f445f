import { CalendarDays, ChevronDown, ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import { DayPicker, type DateRange } from "react-day-picker";
import { enGB, zhCN } from "react-day-picker/locale";
import { useTranslation } from "react-i18next";
import { useFormat, useLanguage } from "../i18n/labels.ts";
import { addDays, firstWeekday, toDate, toDay, type Day } from "../lib/day.ts";
import { lastDay, PRESETS, type Period, type Preset } from "../lib/period.ts";
import { cn } from "../lib/cn.ts";
import { Button } from "./button.tsx";
import { Popover } from "./popover.tsx";

interface DateRangePickerProps {
  readonly period: Period;
  readonly preset: Preset | null;
  /** Days after it cannot be picked. */
  readonly lastReported: Day;
  /** Where presets end, when that isn't the last day that can be picked. */
  readonly hint: string | null;
  readonly onPreset: (preset: Preset) => void;
  readonly onPeriod: (period: Period) => void;
}

/** Presets on the left, a calendar on the right; days are applied by a button, presets at once. */
export function DateRangePicker({ period, preset, lastReported, hint, onPreset, onPeriod }: DateRangePickerProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover
      label={t("filter.period")}
      open={isOpen}
      onOpenChange={setOpen}
      className="p-0"
      trigger={
        <Button data-testid="period" title={hint ?? undefined}>
          <span className="sr-only">{t("filter.period")}</span>
          <CalendarDays aria-hidden className="size-3.5 text-ink-3" />
          {preset ? (
            <span className="hidden font-normal text-ink-3 sm:inline">{t(`filter.preset_${preset}`)}</span>
          ) : null}
          <span>{format.period(period)}</span>
          <ChevronDown aria-hidden className="size-3.5 text-ink-3" />
        </Button>
      }
    >
      <div className="flex flex-col sm:flex-row">
        <fieldset
          aria-label={t("filter.presets")}
          className="grid grid-cols-2 gap-0.5 border-line p-2 max-sm:border-b sm:flex sm:w-36 sm:flex-col sm:border-r"
        >
          {PRESETS.map((option) => (
            <button
              key={option}
              type="button"
              aria-pressed={option === preset}
              onClick={() => {
                onPreset(option);
                setOpen(false);
              }}
              className={cn(
                "h-8 rounded px-2 text-left text-sm hover:bg-hover",
                option === preset && "bg-accent-soft font-medium text-accent",
              )}
            >
              {t(`filter.preset_${option}`)}
            </button>
          ))}
        </fieldset>
        <RangeCalendar
          period={period}
          lastReported={lastReported}
          onApply={(picked) => {
            onPeriod(picked);
            setOpen(false);
          }}
        />
      </div>
      {hint ? <p className="w-0 min-w-full border-t border-line px-3 py-2 text-xs text-ink-3">{hint}</p> : null}
    </Popover>
  );
}

interface RangeCalendarProps {
  readonly period: Period;
  readonly lastReported: Day;
  readonly onApply: (period: Period) => void;
}

function RangeCalendar({ period, lastReported, onApply }: RangeCalendarProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [range, setRange] = useState<DateRange | undefined>({ from: toDate(period.from), to: toDate(lastDay(period)) });
  const from = range?.from;
  const to = range?.to ?? range?.from;
  return (
    <div className="p-2">
      <DayPicker
        mode="range"
        locale={language === "zh" ? zhCN : enGB}
        weekStartsOn={firstWeekday()}
        selected={range}
        onSelect={setRange}
        defaultMonth={toDate(lastDay(period))}
        endMonth={toDate(lastReported)}
        disabled={{ after: toDate(lastReported) }}
        classNames={CALENDAR_CLASSES}
        components={CALENDAR_COMPONENTS}
      />
      <div className="mt-1 flex items-center justify-between gap-3 border-t border-line pt-2">
        <p className="text-xs text-ink-3">{t("filter.pick")}</p>
        <Button
          disabled={!from || !to}
          className="border-accent bg-accent text-on-accent hover:bg-accent hover:opacity-90"
          onClick={() => {
            if (from && to) onApply({ from: toDay(from), to: addDays(toDay(to), 1) });
          }}
        >
          {t("filter.apply")}
        </Button>
      </div>
    </div>
  );
}

const CALENDAR_CLASSES = {
  root: "relative",
  month_caption: "flex h-8 items-center justify-center text-sm font-medium",
  nav: "absolute inset-x-0 top-0 flex h-8 items-center justify-between",
  button_previous: "grid size-8 place-items-center rounded hover:bg-hover aria-disabled:opacity-40",
  button_next: "grid size-8 place-items-center rounded hover:bg-hover aria-disabled:opacity-40",
  month_grid: "border-separate border-spacing-y-0.5",
  weekday: "size-8 text-xs font-normal text-ink-3",
  day: "size-8 p-0 text-center text-sm",
  day_button: "size-8 rounded hover:bg-hover",
  range_start: "[&>button]:bg-accent! [&>button]:text-on-accent rounded-l bg-accent-soft",
  range_end: "[&>button]:bg-accent! [&>button]:text-on-accent rounded-r bg-accent-soft",
  range_middle: "bg-accent-soft",
  today: "font-semibold",
  outside: "text-ink-3",
  disabled: "text-ink-3 opacity-60 [&>button]:hover:bg-transparent",
  hidden: "invisible",
};

function CalendarChevron({ orientation }: { readonly orientation?: "up" | "down" | "left" | "right" }) {
  const Icon = orientation === "left" ? ChevronLeft : ChevronRight;
  return <Icon className="size-4" />;
}

const CALENDAR_COMPONENTS = { Chevron: CalendarChevron };
