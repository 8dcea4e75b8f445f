// Where in a JSON text the reading is: the open brackets, inside a string or not. And the fast way through what nobody looks at.

export const QUOTE = 34;
export const COMMA = 44;
export const COLON = 58;
export const OPEN_ARRAY = 91;
export const BACKSLASH = 92;
export const CLOSE_ARRAY = 93;
export const OPEN_OBJECT = 123;
export const CLOSE_OBJECT = 125;

/** Bytes that mean something between strings, and inside them. */
const SIGNS = signs([QUOTE, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT]);
const STRING_SIGNS = signs([QUOTE, BACKSLASH]);

function signs(bytes: readonly number[]): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (byte < 32 || bytes.includes(byte) ? 1 : 0));
}

export class JsonNesting {
  /** The open brackets. */
  readonly stack: number[] = [];
  isInString = false;
  isEscaped = false;
  /** Control bytes seen so far: a record that holds some must be put on one line. */
  controls = 0;
  /** Until the stack is this low again nothing can begin or end a record; 0 when something can. */
  dullDepth = 0;

  restart(): void {
    this.stack.length = 0;
    this.isInString = false;
    this.isEscaped = false;
    this.dullDepth = 0;
  }

  /** Passes over what is dull; returns the place of the bracket that ends it, or the chunk's end. `onOpen`: told each bracket inside. */
  skip(chunk: Buffer, start: number, onOpen: (at: number) => void): number {
    const { length } = chunk;
    let at = start;
    while (at < length) {
      if (this.isInString) {
        at = this.#skipString(chunk, at);
        continue;
      }
      while (at < length && SIGNS[chunk[at] as number] === 0) at += 1;
      if (at >= length) break;
      const byte = chunk[at] as number;
      if (byte === QUOTE) this.isInString = true;
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        this.stack.push(byte);
        onOpen(at);
      } else if (byte < 32) this.controls += 1;
      else if (this.stack.length === this.dullDepth || this.stack[this.stack.length - 1] !== byte - 2) {
        // The last bracket, or one that closes nothing: not to be passed over.
        this.dullDepth = 0;
        break;
      } else this.stack.pop();
      at += 1;
    }
    return at;
  }

  /** Returns the place after the string's end, or the chunk's end. */
  #skipString(chunk: Buffer, start: number): number {
    const { length } = chunk;
    let at = this.isEscaped ? start + 1 : start;
    this.isEscaped = false;
    while (at < length) {
      while (at < length && STRING_SIGNS[chunk[at] as number] === 0) at += 1;
      if (at >= length) break;
      const byte = chunk[at];
      at += 1;
      if (byte === QUOTE) {
        this.isInString = false;
        return at;
      }
      if (byte !== BACKSLASH) this.controls += 1;
      else if (at < length) at += 1;
      else this.isEscaped = true;
    }
    return at;
  }
}
