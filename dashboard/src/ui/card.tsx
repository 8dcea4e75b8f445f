import type { ReactNode } from "react";
import { cn } from "../lib/cn.ts";

interface CardProps {
  readonly title: string;
  readonly subtitle?: ReactNode;
  readonly actions?: ReactNode;
  readonly footnote?: ReactNode;
  readonly className?: string;
  /** Set when the content reaches the card's edges (tables). */
  readonly flush?: boolean;
  readonly testId?: string;
  readonly children: ReactNode;
}

/** A titled region. Title, actions and footnote sit on the same lines in every card. */
export function Card({ title, subtitle, actions, footnote, className, flush = false, testId, children }: CardProps) {
  return (
    <section
      aria-label={title}
      data-testid={testId}
      className={cn("flex min-w-0 flex-col rounded-lg border border-line bg-surface", className)}
    >
      <header className="flex flex-wrap items-start justify-between gap-x-3 gap-y-1 px-4 pt-3 pb-2">
        <div className="min-w-0">
          <h2 className="text-base font-semibold text-ink">{title}</h2>
          {subtitle ? <p className="text-xs text-ink-3">{subtitle}</p> : null}
        </div>
        {actions ? <div className="-mr-1.5 flex flex-wrap items-center gap-1">{actions}</div> : null}
      </header>
      <div className={cn("min-w-0 flex-1", flush ? "" : "px-4 pb-3")}>{children}</div>
      {footnote ? (
        <footer className={cn("px-4 text-xs text-ink-3", flush ? "border-t border-line py-2" : "pt-1 pb-3")}>
          {footnote}
        </footer>
      ) : null}
    </section>
  );
}
