// Which files of the inbox are new, changed or gone, in a few words.
import type { SeenFile } from "./look.ts";

const NAMED = 3;

/** @param before undefined at the first look, when nobody knows what changed */
export function describeChanges(before: readonly SeenFile[] | undefined, now: readonly SeenFile[]): string {
  if (!before) return `${now.length} files, not read as they are now`;
  const known = new Map(before.map((file) => [file.path, file]));
  const left = new Set(now.map((file) => file.path));
  const isChanged = (file: SeenFile) => {
    const old = known.get(file.path);
    return old !== undefined && (old.bytes !== file.bytes || old.modifiedAtMs !== file.modifiedAtMs);
  };
  const parts = [
    part(
      "new",
      now.filter((file) => !known.has(file.path)),
    ),
    part("changed", now.filter(isChanged)),
    part(
      "gone",
      before.filter((file) => !left.has(file.path)),
    ),
  ];
  return parts.filter(Boolean).join("; ") || "changed and changed back";
}

function part(word: string, files: readonly SeenFile[]): string {
  if (files.length === 0) return "";
  // A name may hold anything but must not break the line of a log.
  const names = files.slice(0, NAMED).map((file) => file.path.replaceAll(/\p{Cc}/gu, "?"));
  const more = files.length > NAMED ? ` and ${files.length - NAMED} more` : "";
  return `${files.length} ${word} (${names.join(", ")}${more})`;
}
