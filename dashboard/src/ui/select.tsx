import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronDown } from "lucide-react";
import { cn } from "../lib/cn.ts";
import { BUTTON } from "./button.tsx";

export interface Option<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

interface SelectProps<Value extends string> {
  readonly label: string;
  /** Writes the label before the value, so the button explains itself. */
  readonly showLabel?: boolean;
  readonly value: Value;
  readonly options: readonly Option<Value>[];
  readonly onChange: (value: Value) => void;
  readonly className?: string;
}

export function Select<Value extends string>({
  label,
  showLabel,
  value,
  options,
  onChange,
  className,
}: SelectProps<Value>) {
  const text = options.find((option) => option.value === value)?.label ?? value;
  return (
    <Base.Root
      items={options as Option<Value>[]}
      value={value}
      onValueChange={(next) => {
        if (next !== null) onChange(next);
      }}
    >
      <Base.Trigger
        aria-label={showLabel ? `${label} ${text}` : `${text}, ${label}`}
        className={cn(BUTTON, "max-w-full min-w-0 justify-between", className)}
      >
        <span className="flex min-w-0 gap-1.5">
          {showLabel ? <span className="font-normal text-ink-3">{label}</span> : null}
          <span className="truncate">
            <Base.Value />
          </span>
        </span>
        <ChevronDown aria-hidden className="size-3.5 shrink-0 text-ink-3" />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} collisionPadding={8} className="z-50 outline-none">
          <Base.Popup className="max-h-[min(var(--available-height),360px)] min-w-[var(--anchor-width)] overflow-auto rounded-lg border border-line-strong/50 bg-raised p-1 text-sm text-ink shadow-lg shadow-black/10 outline-none">
            <Base.List>
              {options.map((option) => (
                <Base.Item
                  key={option.value}
                  value={option.value}
                  className="grid cursor-default grid-cols-[16px_1fr] items-center gap-1.5 rounded py-1.5 pr-3 pl-1.5 outline-none select-none data-highlighted:bg-hover"
                >
                  <Base.ItemIndicator className="col-start-1">
                    <Check aria-hidden className="size-3.5 text-accent" />
                  </Base.ItemIndicator>
                  <Base.ItemText className="col-start-2">{option.label}</Base.ItemText>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
