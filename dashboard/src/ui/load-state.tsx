// Loading, error and empty look alike wherever data is shown.
import { RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "../lib/cn.ts";
import { Button } from "./button.tsx";

export interface LoadState {
  readonly isLoading: boolean;
  readonly error: Error | null;
  readonly retry: () => void;
  /** Older values are shown while newer ones are on their way. */
  readonly isRefreshing?: boolean;
  readonly isEmpty?: boolean;
}

interface QueryLike {
  readonly data?: unknown;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly isPlaceholderData: boolean;
  readonly refetch: () => Promise<unknown>;
}

export function loadStateOf(query: QueryLike, isEmpty = false): LoadState {
  return {
    isLoading: query.isPending,
    error: query.error,
    retry: () => void query.refetch(),
    isRefreshing: query.isPlaceholderData,
    isEmpty,
  };
}

interface LoadBoxProps {
  readonly state: LoadState;
  readonly empty?: string;
  /** Height of the content to come, so that nothing jumps, e.g. `h-48`. */
  readonly className?: string;
  readonly children: ReactNode;
}

export function LoadBox({ state, empty, className, children }: LoadBoxProps) {
  const { t } = useTranslation();
  if (state.error) {
    return (
      <div
        role="alert"
        className={cn("flex flex-col items-center justify-center gap-2 px-4 py-6 text-center", className)}
      >
        <p className="font-medium text-bad">{t("state.error")}</p>
        <p className="max-w-prose text-xs break-words text-ink-3">{state.error.message.slice(0, 300)}</p>
        <Button onClick={state.retry}>
          <RotateCw aria-hidden className="size-3.5" />
          {t("state.retry")}
        </Button>
      </div>
    );
  }
  if (state.isLoading) {
    return (
      <output className={cn("block p-4", className)}>
        <span className="sr-only">{t("state.loading")}</span>
        <div aria-hidden className="skeleton h-full min-h-16 w-full" />
      </output>
    );
  }
  if (state.isEmpty) {
    return (
      <p className={cn("flex items-center justify-center px-4 py-6 text-center text-ink-3", className)}>
        {empty ?? t("state.empty")}
      </p>
    );
  }
  return (
    <div
      aria-busy={state.isRefreshing ?? false}
      className={cn("min-w-0", state.isRefreshing && "opacity-50 transition-opacity delay-300")}
    >
      {children}
    </div>
  );
}
