import type { ComponentProps } from "react";
import { cn } from "../lib/cn.ts";

export const BUTTON =
  "inline-flex h-8 items-center justify-center gap-1.5 rounded-md border border-line bg-surface px-2.5 text-sm font-medium whitespace-nowrap text-ink hover:bg-hover disabled:opacity-50 data-[popup-open]:bg-hover";

export const QUIET_BUTTON =
  "inline-flex h-7 items-center justify-center gap-1.5 rounded-md px-2 text-xs font-medium whitespace-nowrap text-ink-2 hover:bg-hover hover:text-ink disabled:opacity-50";

interface ButtonProps extends ComponentProps<"button"> {
  readonly quiet?: boolean;
}

export function Button({ quiet = false, className, type = "button", ...props }: ButtonProps) {
  // The kinds are listed, so that no caller submits a form by accident.
  return (
    <button
      type={type === "submit" ? "submit" : "button"}
      className={cn(quiet ? QUIET_BUTTON : BUTTON, className)}
      {...props}
    />
  );
}
