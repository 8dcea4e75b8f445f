import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../../api/http.ts";
import { hasData, StatusProvider, useStatusQuery } from "../../api/status.ts";
import { Brand, Layout } from "./layout.tsx";
import { Preferences } from "./preferences.tsx";

/** Lets pages through only when there is a data version; until then it says what is missing and what to do. */
export function StatusGate({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  const { data, error, dataUpdatedAt } = useStatusQuery();
  if (hasData(data)) {
    return (
      <StatusProvider value={data}>
        <Layout checkedAt={dataUpdatedAt} isOffline={error !== null && !(error instanceof ApiError && error.isNoData)}>
          {children}
        </Layout>
      </StatusProvider>
    );
  }
  if (data || (error instanceof ApiError && error.isNoData)) return <NoData />;
  if (error) {
    return (
      <Standalone title={t("state.unreachable")}>
        <p>{t("state.unreachable_hint")}</p>
        <p className="text-xs text-ink-3">{error.message}</p>
      </Standalone>
    );
  }
  return <output className="grid min-h-dvh place-items-center text-ink-3">{t("state.loading")}</output>;
}

function NoData() {
  const { t } = useTranslation();
  return (
    <Standalone title={t("state.no_data")}>
      <p>{t("state.no_data_hint")}</p>
      <ol className="list-decimal space-y-1.5 pl-5">
        <li>{t("state.no_data_step_1")}</li>
        <li>{t("state.no_data_step_2")}</li>
        <li>{t("state.no_data_step_3")}</li>
      </ol>
    </Standalone>
  );
}

function Standalone({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <div className="flex w-full max-w-lg flex-col gap-3 rounded-lg border border-line bg-surface p-6 text-base text-ink-2">
        <div className="flex items-center justify-between gap-3">
          <Brand />
          <Preferences />
        </div>
        <h1 className="text-lg font-semibold text-ink">{title}</h1>
        {children}
      </div>
    </main>
  );
}
