// Patterns → the tables that automaton.ts runs on. Patterns that begin alike share their beginning.
import type { Node } from "./pattern.ts";
import { WordClasses } from "./word-classes.ts";

/** Lists of a state `s` lie from `xFrom[s]` to `xFrom[s + 1]`. */
export interface Machine {
  readonly states: number;
  readonly classes: WordClasses;
  /** Of each class of words, the states it leads to from the beginning. */
  readonly first: readonly Int32Array[];
  /** Where any word leads. */
  readonly anyFrom: Int32Array;
  readonly any: Int32Array;
  /** Where words of a class lead. */
  readonly classFrom: Int32Array;
  readonly classOf: Int32Array;
  readonly classTo: Int32Array;
  /** Patterns that are complete here. */
  readonly acceptFrom: Int32Array;
  readonly accepts: Int32Array;
}

interface State {
  readonly any: number[];
  readonly byClass: (readonly [wordClass: number, to: number])[];
  readonly empty: number[];
  accepts: number;
}

export function buildMachine(patterns: readonly Node[]): Machine {
  const builder = new Builder();
  const root = builder.state();
  for (const [index, node] of patterns.entries()) builder.accept(builder.add(node, root), index);
  const closed = builder.closed();
  const first: number[][] = Array.from({ length: builder.classes.size }, () => []);
  for (const [wordClass, to] of closed[root]?.byClass ?? []) first[wordClass]?.push(to);
  const any = flat(closed.map((state) => state.any));
  const classOf = flat(closed.map((state) => state.byClass.map(([wordClass]) => wordClass)));
  const classTo = flat(closed.map((state) => state.byClass.map(([, to]) => to)));
  const accepts = flat(closed.map((state) => state.accepts));
  return {
    states: closed.length,
    classes: builder.classes,
    first: first.map((list) => Int32Array.from(list)),
    anyFrom: any.from,
    any: any.all,
    classFrom: classOf.from,
    classOf: classOf.all,
    classTo: classTo.all,
    acceptFrom: accepts.from,
    accepts: accepts.all,
  };
}

function flat(lists: readonly (readonly number[])[]): { from: Int32Array; all: Int32Array } {
  const from = new Int32Array(lists.length + 1);
  for (const [index, list] of lists.entries()) from[index + 1] = (from[index] ?? 0) + list.length;
  return { from, all: Int32Array.from(lists.flat()) };
}

/** States with empty moves first, then without. */
class Builder {
  readonly classes = new WordClasses();
  readonly #states: State[] = [];
  /** The state each node ended in, by where it began. */
  readonly #ends = new Map<string, number>();

  state(): number {
    this.#states.push({ any: [], byClass: [], empty: [], accepts: -1 });
    return this.#states.length - 1;
  }

  accept(from: number, pattern: number): void {
    const end = this.state();
    this.#at(from).empty.push(end);
    this.#at(end).accepts = pattern;
  }

  /** Adds the node behind state `from`; returns the state it ends in. */
  add(node: Node, from: number): number {
    if (node.kind === "sequence") return node.nodes.reduce((at, next) => this.add(next, at), from);
    const key = `${from} ${JSON.stringify(node)}`;
    const known = this.#ends.get(key);
    if (known !== undefined) return known;
    const end = this.state();
    this.#ends.set(key, end);
    if (node.kind === "word") this.#at(from).byClass.push([this.classes.id(node.tests), end]);
    else if (node.kind === "gap") this.#gap(node.upTo, from, end);
    else {
      const options = node.kind === "choice" ? node.options : [node.node];
      for (const option of options) this.#at(this.add(option, from)).empty.push(end);
      if (node.kind === "optional") this.#at(from).empty.push(end);
    }
    return end;
  }

  #gap(upTo: number, from: number, end: number): void {
    let at = from;
    for (let words = 0; words < upTo; words += 1) {
      this.#at(at).empty.push(end);
      const next = this.state();
      this.#at(at).any.push(next);
      at = next;
    }
    this.#at(at).empty.push(end);
  }

  closed(): { any: number[]; byClass: (readonly [number, number])[]; accepts: number[] }[] {
    return this.#states.map((_, index) => {
      const seen = new Set([index]);
      for (const at of seen) for (const next of this.#at(at).empty) seen.add(next);
      const reached = [...seen].map((at) => this.#at(at));
      const byClass = new Map(reached.flatMap((state) => state.byClass).map((move) => [move.join(), move]));
      return {
        any: [...new Set(reached.flatMap((state) => state.any))],
        byClass: [...byClass.values()],
        accepts: [...new Set(reached.map((state) => state.accepts).filter((pattern) => pattern >= 0))],
      };
    });
  }

  #at(index: number): State {
    const state = this.#states[index];
    if (!state) throw new RangeError(`No state ${index}`);
    return state;
  }
}
