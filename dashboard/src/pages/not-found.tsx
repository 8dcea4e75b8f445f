import { useTranslation } from "react-i18next";
import { Link, useSearch } from "wouter";
import { PageTitle } from "../features/shell/page-title.tsx";
import { sharedSearch } from "../url-state/filters.ts";
import { BUTTON } from "../ui/button.tsx";

export function NotFoundPage() {
  const { t } = useTranslation();
  const search = useSearch();
  return (
    <div className="flex flex-col items-start gap-3 rounded-lg border border-line bg-surface p-6">
      <PageTitle title={t("pages.not_found")} />
      <p className="text-ink-2">{t("state.not_found_hint")}</p>
      <Link href={`/${sharedSearch(search)}`} className={BUTTON}>
        {t("state.back_overview")}
      </Link>
    </div>
  );
}
