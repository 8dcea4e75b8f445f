// Columns of the single returns and tickets.
import { useTranslation } from "react-i18next";
import type { ReturnRow, TicketRow } from "../../api/product.ts";
import type { TwinColumn } from "../../charts/chart-frame.tsx";
import { useFormat, useLabels } from "../../i18n/labels.ts";
import { NO_VALUE } from "../../lib/format.ts";

/** A column of text; the file has the same unless `csv` gives it the code behind the word. */
function textColumn<Row>(
  id: string,
  header: string,
  width: string | null,
  text: (row: Row) => string | null,
  csv = text,
): TwinColumn<Row> {
  return {
    id,
    header,
    ...(width ? { width } : {}),
    csv,
    cell: (row) => {
      const value = text(row);
      return (
        <span className="line-clamp-2 break-words" title={value ?? undefined}>
          {value ?? NO_VALUE}
        </span>
      );
    },
  };
}

export function useReturnColumns(): TwinColumn<ReturnRow>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const labels = useLabels();
  return [
    textColumn("date", t("product.date"), "132px", (row) => format.day(row.returned_at)),
    textColumn("order", t("product.order"), "164px", (row) => row.order_id),
    textColumn("variant", t("product.variant"), "100px", (row) => labels.plain(row.variant)),
    textColumn("market", t("product.market"), "124px", (row) => labels.market(row.market)),
    textColumn(
      "carrier",
      t("product.carrier"),
      "108px",
      (row) => labels.carrier(row.carrier),
      (row) => row.carrier,
    ),
    textColumn("lot", t("product.lot"), "88px", (row) => labels.plain(row.lot)),
    textColumn("reason", t("product.reason"), "116px", (row) => labels.reason(row.reason)),
    textColumn("resolution", t("product.resolution"), "96px", (row) => labels.resolution(row.resolution)),
    textColumn("quantity", t("product.quantity"), "56px", (row) =>
      row.quantity === null ? null : format.count(row.quantity),
    ),
    textColumn("comment", t("product.comment"), null, (row) => row.comment),
  ];
}

export function useTicketColumns(): TwinColumn<TicketRow>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const labels = useLabels();
  return [
    textColumn("date", t("product.date"), "132px", (row) => format.day(row.created_at)),
    textColumn("order", t("product.order"), "164px", (row) => row.order_id),
    textColumn("channel", t("product.channel"), "108px", (row) => labels.channel(row.channel)),
    textColumn("market", t("product.market"), "124px", (row) => labels.market(row.market)),
    textColumn("language", t("product.language"), "92px", (row) => labels.language(row.language)),
    textColumn("reason", t("product.reason"), "124px", (row) => labels.reason(row.reason)),
    textColumn("status", t("product.status"), "92px", (row) => labels.status(row.status)),
    textColumn("subject", t("product.subject"), null, (row) => row.subject),
  ];
}
