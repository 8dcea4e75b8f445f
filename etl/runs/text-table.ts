// Tables for the terminal: text to the left, numbers to the right.

export type Cell = string | number;

export function textTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const lines = [head, ...rows].map((row) => row.map(cellText));
  const widths = head.map((_, column) => Math.max(...lines.map((line) => displayWidth(line[column] ?? ""))));
  const isNumber = head.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === "number"));
  return lines.map((line) =>
    line
      .map((text, column) => {
        const fill = " ".repeat((widths[column] ?? 0) - displayWidth(text));
        return isNumber[column] ? fill + text : text + fill;
      })
      .join("  ")
      .trimEnd(),
  );
}

function cellText(cell: Cell): string {
  return typeof cell === "number" ? cell.toLocaleString("en-US") : cell;
}

/** Places on a terminal: Chinese and Japanese characters take two. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += (character.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1;
  return width;
}
