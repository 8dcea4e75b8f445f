// Finds a mapping's columns in a file's header. A file that the mapping does not fit is refused; the run goes on without it.
import { FileRefusedError } from "../../files/file-text.ts";
import { normaliseHeader } from "../../load/header-binding.ts";
import { nearest } from "../../settings/nearest.ts";

const DELIMITERS = [
  { character: ";", told: '";"' },
  { character: "\t", told: '"\\t"' },
  { character: "|", told: '"|"' },
  { character: ",", told: '","' },
];

/** Position of each of `columns` in `header`. @throws FileRefusedError naming what is missing or stands there twice. */
export function bindColumns(columns: readonly string[], header: readonly string[]): number[] {
  const normalised = header.map(normaliseHeader);
  return columns.map((column) => {
    const wanted = normaliseHeader(column);
    const found = [...normalised.keys()].filter((index) => normalised[index] === wanted);
    const exact = found.filter((index) => header[index]?.replace(/^\uFEFF/, "").trim() === column.trim());
    const [only, ...others] = exact.length > 0 ? exact : found;
    if (only === undefined) throw missingColumn(column, header);
    if (others.length > 0) {
      const places = [only, ...others].map((index) => index + 1).join(" and ");
      throw new FileRefusedError(`has the column "${column}" more than once (columns ${places})`, {
        advice: "Nobody knows which one is meant: rename or remove the others",
      });
    }
    return only;
  });
}

function missingColumn(column: string, header: readonly string[]): FileRefusedError {
  const [only = "", ...others] = header;
  const other = DELIMITERS.find(({ character }) => others.length === 0 && only.includes(character));
  if (other) {
    return new FileRefusedError(`has no column "${column}", only one, "${only.trim()}"`, {
      advice: `It looks ${other.told}-separated: set \`delimiter: ${other.told}\` in the mapping`,
    });
  }
  const told = header.map((text) => text.trim()).slice(0, 100);
  return new FileRefusedError(
    `has no column "${column}"${nearest(column, told)}. Its columns: ${told.join(", ") || "none"}`,
  );
}
