import { Popover as Base } from "@base-ui/react/popover";
import type { ReactElement, ReactNode } from "react";
import { cn } from "../lib/cn.ts";

interface PopoverProps {
  /** A button element; it is given the opening behaviour. */
  readonly trigger: ReactElement;
  readonly label: string;
  readonly align?: "start" | "center" | "end";
  readonly className?: string;
  readonly open?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
  readonly children: ReactNode;
}

/** A small panel beside its button; Esc and a click outside close it, focus returns to the button. */
export function Popover({ trigger, label, align = "start", className, open, onOpenChange, children }: PopoverProps) {
  const control = open === undefined ? {} : { open };
  return (
    <Base.Root {...control} onOpenChange={(next) => onOpenChange?.(next)}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align={align} collisionPadding={8} className="z-50">
          <Base.Popup
            aria-label={label}
            className={cn(
              "max-h-[var(--available-height)] max-w-[calc(100vw-16px)] overflow-auto rounded-lg border border-line-strong/50 bg-raised p-3 text-sm text-ink shadow-lg shadow-black/10 outline-none dark:shadow-black/50",
              className,
            )}
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
