// All patterns of a language as one machine that reads the words once (Thompson, Regular Expression Search Algorithm, 1968,
// over words): every way a pattern may go on is followed at the same time, so nothing is ever read twice. The time is words ×
// ways open at once, and these are at most the machine's states, however a text is made.
import { buildMachine, type Machine } from "./automaton-build.ts";
import type { Node } from "./pattern.ts";
import type { Token } from "./tokens.ts";

/** A pattern found: first and last token. Of several beginnings for one end the last counts. */
export interface Found {
  /** Its place in the list the machine was built from. */
  readonly pattern: number;
  readonly start: number;
  readonly end: number;
}

/** Nobody complains so much: what is found later in a text than this is left out, so that judging it stays quick. */
const MOST_FOUND = 2000;

export class Automaton {
  /** Tokens keep what this machine knows of them under this number. */
  readonly #id: number;
  readonly #machine: Machine;
  /** The word each class was last seen at, and each state last reached at. */
  readonly #classSeen: Int32Array;
  readonly #reached: Int32Array;
  #open: Int32Array;
  #openStart: Int32Array;
  #next: Int32Array;
  #nextStart: Int32Array;
  #size = 0;
  #word = 0;
  /** Moves made so far: what the time grows with. */
  moves = 0;

  /** @param id 0, 1, 2 … of the machines that read the same tokens */
  constructor(id: number, patterns: readonly Node[]) {
    this.#id = id;
    this.#machine = buildMachine(patterns);
    const { states } = this.#machine;
    this.#classSeen = new Int32Array(this.#machine.classes.size);
    this.#reached = new Int32Array(states);
    this.#open = new Int32Array(states);
    this.#openStart = new Int32Array(states);
    this.#next = new Int32Array(states);
    this.#nextStart = new Int32Array(states);
  }

  get states(): number {
    return this.#machine.states;
  }

  /** Every place of every pattern, in the order of their ends. */
  find(tokens: readonly Token[]): Found[] {
    const found: Found[] = [];
    this.#size = 0;
    for (let at = 0; at < tokens.length && found.length < MOST_FOUND; at += 1) {
      const token = tokens[at];
      if (token === undefined || token.kind === "break") {
        this.#size = 0;
        continue;
      }
      const classes = token.classes[this.#id] ?? this.#learn(token);
      if (this.#size > 0 || classes.length > 0) this.#step(at, classes, found);
    }
    return found;
  }

  #learn(token: Token): Int32Array {
    const classes = this.#machine.classes.of(token);
    // Machines are numbered one after the other; a hole would make the list slow.
    while (token.classes.length < this.#id) token.classes.push(undefined);
    token.classes[this.#id] = classes;
    return classes;
  }

  /** Moves every open way on by one word, and begins new ones. */
  #step(at: number, classes: Int32Array, found: Found[]): void {
    // Marks of a word never seen again need no wiping; after two thousand million words they do.
    if (this.#word === 2_147_483_647) this.#forgetMarks();
    this.#word += 1;
    const word = this.#word;
    const open = this.#size;
    this.moves += open + classes.length;
    this.#size = 0;
    const { first } = this.#machine;
    for (let index = 0; index < classes.length; index += 1) this.#classSeen[classes[index] as number] = word;
    for (let index = 0; index < open; index += 1) this.#advance(index, word);
    for (let index = 0; index < classes.length; index += 1) {
      const begun = first[classes[index] as number] as Int32Array;
      for (let each = 0; each < begun.length; each += 1) this.#reach(begun[each] as number, at, word);
    }
    [this.#open, this.#next] = [this.#next, this.#open];
    [this.#openStart, this.#nextStart] = [this.#nextStart, this.#openStart];
    this.#report(at, found);
  }

  #advance(index: number, word: number): void {
    const { anyFrom, any, classFrom, classOf, classTo } = this.#machine;
    const state = this.#open[index] as number;
    const start = this.#openStart[state] as number;
    const lastAny = anyFrom[state + 1] as number;
    for (let each = anyFrom[state] as number; each < lastAny; each += 1) this.#reach(any[each] as number, start, word);
    const lastClass = classFrom[state + 1] as number;
    for (let each = classFrom[state] as number; each < lastClass; each += 1) {
      if (this.#classSeen[classOf[each] as number] === word) this.#reach(classTo[each] as number, start, word);
    }
  }

  #reach(state: number, start: number, word: number): void {
    if (this.#reached[state] !== word) {
      this.#reached[state] = word;
      this.#next[this.#size] = state;
      this.#size += 1;
      this.#nextStart[state] = start;
    } else if ((this.#nextStart[state] as number) < start) this.#nextStart[state] = start;
  }

  #report(at: number, found: Found[]): void {
    const { acceptFrom, accepts } = this.#machine;
    for (let index = 0; index < this.#size; index += 1) {
      const state = this.#open[index] as number;
      const last = acceptFrom[state + 1] as number;
      for (let each = acceptFrom[state] as number; each < last; each += 1) {
        found.push({ pattern: accepts[each] as number, start: this.#openStart[state] as number, end: at });
      }
    }
  }

  #forgetMarks(): void {
    this.#word = 0;
    this.#classSeen.fill(0);
    this.#reached.fill(0);
  }
}
