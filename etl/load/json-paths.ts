// Which places of a JSON document hold records, looked up by the keys that lead there.

/** Where a feed's records are: see JsonFeed. */
export interface RecordPlaces {
  readonly name: string;
  readonly arrays: readonly string[];
  readonly objects: readonly string[];
  readonly lineKeys: readonly string[];
  /** Every top-level record that nothing else claims. */
  readonly takesAll?: boolean;
}

const SEPARATOR = "\u0000";

export class RecordPaths {
  /** Keys in the longest path. */
  readonly deepest: number;
  /** In bytes, of all keys that matter. */
  readonly lengths: ReadonlySet<number>;
  readonly #arrays = new Map<string, string>();
  readonly #objects = new Map<string, string>();
  /** Object paths with another path inside. */
  readonly #outer = new Set<string>();

  constructor(places: readonly RecordPlaces[]) {
    for (const place of places) {
      for (const path of place.arrays) this.#arrays.set(path.split(".").join(SEPARATOR), place.name);
      for (const path of place.objects) this.#objects.set(path.split(".").join(SEPARATOR), place.name);
    }
    const keys = places.flatMap((place) => [
      ...[...place.arrays, ...place.objects].flatMap((each) => each.split(".")),
      ...place.lineKeys,
    ]);
    this.lengths = new Set(keys.map((key) => Buffer.byteLength(key)));
    const paths = [...this.#arrays.keys(), ...this.#objects.keys()];
    this.deepest = Math.max(1, ...paths.map((path) => path.split(SEPARATOR).length));
    for (const outer of this.#objects.keys()) {
      if (paths.some((path) => path.startsWith(outer + SEPARATOR))) this.#outer.add(outer);
    }
  }

  /** The feed whose records stand in the array under `keys`. */
  arrayAt(keys: readonly string[]): string | undefined {
    return this.#arrays.get(keys.join(SEPARATOR));
  }

  /** The feed whose record is the object under `keys`; `isOuter`: unless a record or a list of them stands inside it. */
  objectAt(keys: readonly string[]): { readonly feed: string; readonly isOuter: boolean } | undefined {
    const path = keys.join(SEPARATOR);
    const feed = this.#objects.get(path);
    return feed === undefined ? undefined : { feed, isOuter: this.#outer.has(path) };
  }
}
