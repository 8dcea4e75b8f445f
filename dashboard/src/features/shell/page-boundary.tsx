import { Component, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";

interface BoundaryState {
  readonly error: Error | null;
}

/** Catches a page's fault so that navigation and the other pages go on working. Remount it by key to leave the fault. */
export class PageBoundary extends Component<{ readonly children: ReactNode }, BoundaryState> {
  override state: BoundaryState = { error: null };

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error ? <PageFault error={error} onRetry={() => this.setState({ error: null })} /> : this.props.children;
  }
}

function PageFault({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <div role="alert" className="flex flex-col items-start gap-3 rounded-lg border border-line bg-surface p-6">
      <h1 className="text-lg font-semibold">{t("state.page_error")}</h1>
      <p className="text-ink-2">{t("state.page_error_hint")}</p>
      <pre className="max-w-full overflow-auto rounded-md bg-page p-3 text-xs text-ink-2">{error.message}</pre>
      <Button onClick={onRetry}>{t("state.retry")}</Button>
    </div>
  );
}
