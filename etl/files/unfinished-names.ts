// Names that say that a file is hidden, or not whole yet: browsers, office programs, sync clients and copy commands give it its
// real name when it is complete.

const UNFINISHED =
  /^(?:\.|~|Thumbs\.db$|desktop\.ini$)|(?:~|\.(?:part|partial|crdownload|download|opdownload|tmp|temp|filepart|swp|swx|aria2|!ut))$/i;

/** @param name the last part of a path */
export function isUnfinishedName(name: string): boolean {
  return UNFINISHED.test(name);
}

/** True when a folder or the file of this path, with `/`, has such a name. */
export function isUnfinishedPath(path: string): boolean {
  return path.split("/").some(isUnfinishedName);
}
