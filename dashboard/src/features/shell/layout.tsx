import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearch } from "wouter";
import { useStatus } from "../../api/status.ts";
import { sharedSearch } from "../../url-state/filters.ts";
import { DataLine, StatusBanners } from "./data-line.tsx";
import { DrawerNavigation, SideNavigation } from "./navigation.tsx";
import { Preferences } from "./preferences.tsx";

export function Brand() {
  return (
    <span className="flex items-center gap-2 text-base font-semibold tracking-tight">
      <img src="/favicon.svg" alt="" className="size-6" />
      Aftersight
    </span>
  );
}

interface LayoutProps {
  readonly isOffline: boolean;
  readonly checkedAt: number;
  readonly children: ReactNode;
}

export function Layout({ isOffline, checkedAt, children }: LayoutProps) {
  const { t } = useTranslation();
  const status = useStatus();
  const search = useSearch();
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[184px_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t("app.skip")}
      </a>
      <aside className="sticky top-0 hidden h-dvh flex-col border-r border-line bg-surface md:flex">
        <Link href={`/${sharedSearch(search)}`} className="flex h-14 items-center px-4">
          <Brand />
        </Link>
        <SideNavigation />
        {status.sellerName ? (
          <p className="mt-auto truncate border-t border-line px-4 py-3 text-xs text-ink-3">{status.sellerName}</p>
        ) : null}
      </aside>
      <div className="flex min-w-0 flex-col">
        <header className="flex min-h-14 items-center justify-between gap-3 border-b border-line bg-surface px-4 max-md:min-h-12 max-md:px-2 lg:px-6">
          <div className="flex min-w-0 items-center gap-2">
            <DrawerNavigation />
            <DataLine status={status} />
          </div>
          <Preferences />
        </header>
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto flex w-full max-w-[1440px] min-w-0 flex-1 flex-col gap-4 px-4 py-4 outline-none lg:px-6"
        >
          <StatusBanners status={status} isOffline={isOffline} checkedAt={checkedAt} />
          {children}
        </main>
      </div>
    </div>
  );
}
