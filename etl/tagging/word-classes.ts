// Which sets of words the patterns ask for, and which of these sets a word is in.
import type { WordTest } from "./pattern.ts";
import type { Token } from "./tokens.ts";

const NONE = new Int32Array();
const SHORTEST = 3;

export class WordClasses {
  readonly #ids = new Map<string, number>();
  readonly #exact = new Map<string, number[]>();
  readonly #prefix = new Map<string, number[]>();
  readonly #suffix = new Map<string, number[]>();
  readonly #inside: [text: string, id: number][] = [];
  readonly #number: number[] = [];
  #longest = 0;

  get size(): number {
    return this.#ids.size;
  }

  /** The number of the set of words that pass one of the tests. */
  id(tests: readonly WordTest[]): number {
    const key = tests
      .map((test) => `${test.kind} ${test.text}`)
      .sort()
      .join("\n");
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#ids.size;
    this.#ids.set(key, id);
    for (const test of tests) this.#add(test, id);
    return id;
  }

  #add({ kind, text }: WordTest, id: number): void {
    this.#longest = Math.max(this.#longest, text.length);
    if (kind === "number") this.#number.push(id);
    else if (kind === "inside") this.#inside.push([text, id]);
    else {
      const map = kind === "exact" ? this.#exact : kind === "prefix" ? this.#prefix : this.#suffix;
      const ids = map.get(text);
      if (ids) ids.push(id);
      else map.set(text, [id]);
    }
  }

  /** The sets a word is in. */
  of(token: Token): Int32Array {
    if (token.kind === "other" || token.kind === "break") return NONE;
    const { folded } = token;
    const ids = new Set(this.#exact.get(folded));
    if (token.kind === "number") for (const id of this.#number) ids.add(id);
    for (let length = Math.min(this.#longest, folded.length); length >= SHORTEST; length -= 1) {
      for (const id of this.#prefix.get(folded.slice(0, length)) ?? []) ids.add(id);
      for (const id of this.#suffix.get(folded.slice(-length)) ?? []) ids.add(id);
    }
    for (const [text, id] of this.#inside) if (folded.includes(text)) ids.add(id);
    return ids.size === 0 ? NONE : Int32Array.from(ids);
  }
}
