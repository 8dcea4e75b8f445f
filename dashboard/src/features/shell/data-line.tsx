import { useTranslation } from "react-i18next";
import type { Status } from "../../api/status.ts";
import { useFormat } from "../../i18n/labels.ts";
import { Notice } from "../../ui/notice.tsx";

/** "Data complete to …, version …, zone …": on every page, so no number stands without its date. */
export function DataLine({ status }: { readonly status: Status }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <p data-testid="data-line" className="flex min-w-0 flex-wrap items-center gap-x-2 text-xs text-ink-3">
      {status.isDemo ? (
        <span title={t("app.demo_hint")} className="rounded bg-info-soft px-1.5 py-0.5 font-medium text-info">
          {t("app.demo")}
        </span>
      ) : null}
      <span className="font-medium text-ink-2">
        {t("app.complete_to", { time: format.dateTime(status.dataCompleteTo) })}
      </span>
      <span className="max-md:hidden">{t("app.zone", { zone: status.reportingTimeZone })}</span>
      <span className="max-lg:hidden">{t("app.version", { name: status.versionName })}</span>
    </p>
  );
}

const STALE_AFTER_MS = 48 * 3_600_000;

interface BannersProps {
  readonly status: Status;
  readonly isOffline: boolean;
  /** When the status was last asked for, epoch ms. */
  readonly checkedAt: number;
}

/** What a reader must know before trusting the numbers. Demo data is old by nature and isn't called stale. */
export function StatusBanners({ status, isOffline, checkedAt }: BannersProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const isStale =
    !status.isDemo && checkedAt - wallClockInstant(status.dataCompleteTo, status.reportingTimeZone) > STALE_AFTER_MS;
  return (
    <>
      {isOffline ? <Notice tone="bad">{t("app.offline")}</Notice> : null}
      {status.switchError ? (
        <Notice tone="warn">{t("app.switch_error", { message: status.switchError })}</Notice>
      ) : null}
      {isStale ? <Notice tone="warn">{t("app.stale", { time: format.dateTime(status.dataCompleteTo) })}</Notice> : null}
    </>
  );
}

/** The instant (epoch ms) of a wall-clock time in a zone; within an hour at a clock change, which is enough here. */
export function wallClockInstant(wallClock: string, timeZone: string): number {
  const asUtc = Date.parse(`${wallClock.slice(0, 19)}Z`);
  const parts = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" }).formatToParts(asUtc);
  const offset = /GMT([+-])(\d{2}):(\d{2})/.exec(parts.find((part) => part.type === "timeZoneName")?.value ?? "");
  if (!offset) return asUtc;
  const minutes = Number(offset[2]) * 60 + Number(offset[3]);
  return asUtc - (offset[1] === "-" ? -1 : 1) * minutes * 60_000;
}
