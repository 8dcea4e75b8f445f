// Exchange rates as the European Central Bank and its copies publish them: so many units of a currency for one euro, by day.
// Wide (`Date,USD,JPY,...`, one row a day) or long (`date,currency,rate`; also the bank's own TIME_PERIOD, CURRENCY, OBS_VALUE).
import { splitFields } from "../load/csv-scanner.ts";
import { FileRefusedError } from "../files/file-bytes.ts";
import { normaliseHeader } from "../load/header-binding.ts";

export interface Rate {
  readonly currency: string;
  /** ISO. */
  readonly day: string;
  readonly perEuro: number;
}

export interface ReadRates {
  readonly rates: readonly Rate[];
  /** Cells that say something other than a rate or "none". */
  readonly problems: readonly { readonly row: number; readonly text: string; readonly why: string }[];
}

const DAY = ["date", "timeperiod", "day"];
const CURRENCY = ["currency", "currencycode"];
const RATE = ["rate", "obsvalue", "value"];
const BASE = ["base", "currencydenom"];
/** What stands where there is no rate. */
const NONE = /^(?:n\/?a|nan|null|-|\.)?$/i;
const DELIMITERS = [",", ";", "\t"];

/** @throws FileRefusedError when the header fits neither form. */
export function readRates(text: string): ReadRates {
  const lines = text.split(/\r\n|\n|\r/);
  const headerLine = lines.findIndex((line) => line.trim() !== "");
  const header = lines[headerLine] ?? "";
  const delimiter =
    DELIMITERS.toSorted((left, right) => header.split(right).length - header.split(left).length)[0] ?? ",";
  const cellsOf = (line: string) => splitFields(line, delimiter, true).map((cell) => cell.trim());
  const names = cellsOf(header);
  const readRow = rowReader(names);
  const rates = new Map<string, Rate>();
  const problems: ReadRates["problems"][number][] = [];
  for (const [index, line] of lines.entries()) {
    if (index <= headerLine || line.trim() === "") continue;
    for (const found of readRow(cellsOf(line))) {
      if ("perEuro" in found) rates.set(`${found.currency} ${found.day}`, found);
      else problems.push({ row: index - headerLine, ...found });
    }
  }
  return { rates: [...rates.values()], problems };
}

type Found = Rate | { readonly text: string; readonly why: string };

function rowReader(names: readonly string[]): (cells: readonly string[]) => Found[] {
  const at = (known: readonly string[]) => names.findIndex((name) => known.includes(normaliseHeader(name)));
  const [day, currency, rate, base] = [at(DAY), at(CURRENCY), at(RATE), at(BASE)];
  if (day >= 0 && currency >= 0 && rate >= 0) {
    return (cells) => {
      if (base >= 0 && cells[base]?.toUpperCase() !== "EUR")
        return [{ text: cells[base] ?? "", why: "the base is not EUR" }];
      return readCell(cells[day], cells[currency], cells[rate]);
    };
  }
  const currencies = names.flatMap((name, index) => (/^[A-Z]{3}$/.test(name) ? [{ name, index }] : []));
  if (day < 0 || currencies.length === 0) {
    throw new FileRefusedError(`holds no exchange rates: its columns are ${names.slice(0, 20).join(", ") || "none"}`, {
      advice:
        "Expected are Date,USD,JPY,... as the European Central Bank writes them, or date,currency,rate; for one euro each",
    });
  }
  return (cells) => currencies.flatMap(({ name, index }) => readCell(cells[day], name, cells[index]));
}

function readCell(dayText = "", currencyText = "", text = ""): Found[] {
  if (NONE.test(text)) return [];
  const day = isoDay(dayText);
  if (day === undefined) return [{ text: dayText, why: "no day (written as 2026-11-20)" }];
  const currency = currencyText.toUpperCase();
  if (!/^[A-Z]{3}$/.test(currency)) return [{ text: currencyText, why: "no currency code" }];
  // 1,08 where another sign stands between the columns.
  const perEuro = Number(/^\d+,\d+$/.test(text) ? text.replace(",", ".") : text);
  if (!(perEuro > 0) || !Number.isFinite(perEuro)) return [{ text, why: "no rate" }];
  return [{ currency, day, perEuro }];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** `2026-11-20`, or `20 November 2026` as in the bank's file of one day. */
function isoDay(text: string): string | undefined {
  const written = /^(\d{1,2}) ([A-Za-z]{3})[a-z]* (\d{4})$/.exec(text);
  const month = written ? MONTHS.indexOf((written[2] ?? "").toLowerCase()) + 1 : 0;
  const iso = month > 0 ? `${written?.[3]}-${String(month).padStart(2, "0")}-${written?.[1]?.padStart(2, "0")}` : text;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(iso)) return undefined;
  const moment = new Date(`${iso}T00:00:00Z`);
  return Number.isNaN(moment.getTime()) || moment.toISOString().slice(0, 10) !== iso ? undefined : iso;
}
