import { cn } from "../lib/cn.ts";
import type { Option } from "./select.tsx";

interface SegmentedProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly Option<Value>[];
  readonly onChange: (value: Value) => void;
}

/** A short row of exclusive choices. */
export function Segmented<Value extends string>({ label, value, options, onChange }: SegmentedProps<Value>) {
  return (
    <fieldset
      aria-label={label}
      className="min-w-0 inline-flex max-w-full overflow-x-auto rounded-md border border-line bg-page p-0.5"
    >
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
          className={cn(
            "h-6.5 rounded px-2 text-xs font-medium whitespace-nowrap text-ink-2 hover:text-ink",
            option.value === value && "bg-raised text-ink shadow-[0_0_0_1px_var(--line-strong)]",
          )}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}
