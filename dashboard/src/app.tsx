import { CSPProvider } from "@base-ui/react/csp-provider";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { NuqsAdapter } from "nuqs/adapters/react";
import { Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Route, Switch, useLocation } from "wouter";
import { ApiError } from "./api/http.ts";
import { PageBoundary } from "./features/shell/page-boundary.tsx";
import { StatusGate } from "./features/shell/status-gate.tsx";
import { NotFoundPage } from "./pages/not-found.tsx";
import { ROUTES } from "./routes.tsx";

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      // A refused query stays refused; only a lost connection is worth a second try.
      retry: (failures, error) => failures < 2 && error instanceof ApiError && error.status === 0,
    },
  },
});

/** Keyboard: "/" goes to the page's search box, as in most tools with tables. */
function useSearchKey(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target;
      if (target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]")) return;
      const search = document.querySelector<HTMLInputElement>("input[type=search]");
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

function Pages() {
  const { t } = useTranslation();
  const [location] = useLocation();
  return (
    <PageBoundary key={location}>
      <Suspense fallback={<output className="block text-ink-3">{t("state.loading")}</output>}>
        <Switch>
          {ROUTES.map(({ path, page }) => (
            <Route key={path} path={path} component={page} />
          ))}
          <Route component={NotFoundPage} />
        </Switch>
      </Suspense>
    </PageBoundary>
  );
}

export function App() {
  useSearchKey();
  return (
    <CSPProvider disableStyleElements>
      <NuqsAdapter>
        <QueryClientProvider client={queryClient}>
          <StatusGate>
            <Pages />
          </StatusGate>
        </QueryClientProvider>
      </NuqsAdapter>
    </CSPProvider>
  );
}
