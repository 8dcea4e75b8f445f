// CSV for spreadsheets: byte order mark for Excel, formulas defused.

export type CsvValue = string | number | null;

/** Cells that begin like a formula are quoted; papaparse is loaded only when someone downloads. */
export async function csvText(header: readonly string[], rows: readonly (readonly CsvValue[])[]): Promise<string> {
  const { default: papa } = await import("papaparse");
  return `\uFEFF${papa.unparse({ fields: [...header], data: rows.map((row) => [...row]) }, { escapeFormulae: true })}`;
}

export async function downloadCsv(
  fileName: string,
  header: readonly string[],
  rows: readonly (readonly CsvValue[])[],
): Promise<void> {
  const url = URL.createObjectURL(new Blob([await csvText(header, rows)], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
