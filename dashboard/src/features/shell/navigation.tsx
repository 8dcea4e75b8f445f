import { Dialog } from "@base-ui/react/dialog";
import { Menu, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useSearch } from "wouter";
import { cn } from "../../lib/cn.ts";
import { NAVIGATION } from "../../routes.tsx";
import { sharedSearch } from "../../url-state/filters.ts";
import { Button } from "../../ui/button.tsx";

function NavigationLinks({ onChoose }: { readonly onChoose?: () => void }) {
  const { t } = useTranslation();
  const [location] = useLocation();
  const search = useSearch();
  return (
    <ul className="flex flex-col gap-0.5">
      {NAVIGATION.map(({ path, title, icon: Icon }) => {
        const isCurrent = path === "/" ? location === "/" : location.startsWith(path);
        return (
          <li key={path}>
            <Link
              href={`${path}${sharedSearch(search)}`}
              aria-current={isCurrent ? "page" : undefined}
              onClick={onChoose}
              className={cn(
                "flex h-8 items-center gap-2 rounded-md px-2 text-sm font-medium text-ink-2 hover:bg-hover hover:text-ink max-md:h-11",
                isCurrent && "bg-accent-soft text-accent hover:bg-accent-soft hover:text-accent",
              )}
            >
              <Icon aria-hidden className="size-4" />
              {t(`pages.${title}`)}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

export function SideNavigation() {
  const { t } = useTranslation();
  return (
    <nav aria-label={t("app.nav")} className="p-2">
      <NavigationLinks />
    </nav>
  );
}

/** The same links in a drawer, for narrow screens. */
export function DrawerNavigation() {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Trigger render={<Button quiet aria-label={t("app.menu")} className="size-9 px-0 md:hidden" />}>
        <Menu aria-hidden className="size-5" />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/40" />
        <Dialog.Popup className="fixed inset-y-0 left-0 z-50 w-64 max-w-[80vw] border-r border-line bg-surface p-2 outline-none">
          <div className="mb-2 flex items-center justify-between pl-2">
            <Dialog.Title className="text-base font-semibold">{t("app.nav")}</Dialog.Title>
            <Dialog.Close render={<Button quiet aria-label={t("app.close")} className="size-9 px-0" />}>
              <X aria-hidden className="size-5" />
            </Dialog.Close>
          </div>
          <nav aria-label={t("app.nav")}>
            <NavigationLinks onChoose={() => setOpen(false)} />
          </nav>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
