// How large and how deep what is read may be. Beyond it is no export, but a broken file or somebody's trap.

/** Bytes of one row of a table; a longer one is mostly a quote that never closes. */
export const LONGEST_ROW = 4 << 20;
/** Bytes of one JSON record. */
export const LARGEST_RECORD = 32 << 20;
/** Objects and lists inside one another in a JSON record; the deepest known export has 9. */
export const DEEPEST_RECORD = 64;
/** Brackets inside one another anywhere in a JSON text. */
export const DEEPEST_TEXT = 10_000;
/** Rows without sense at which a file is refused, when they are half of what was read so far. */
export const MOST_BROKEN_ROWS = 20_000;
/** Exports shrink to a tenth by gzip, sparse tables to a fiftieth; what swells more than this after the first part is a bomb. */
export const MOST_SWELLING = 250;
export const SWELLING_LOOKED_AT = 64 << 20;
/** Unpacked size of one gzip or zip member, unless `largest_unpacked_gb` in aftersight.yml says else. */
export const LARGEST_UNPACKED_GB = 40;
