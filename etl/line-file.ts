// A temporary file written in large pieces; written synchronously, so the reader of the input is naturally held back.
import { closeSync, openSync, writeSync } from "node:fs";

const BUFFER_BYTES = 1 << 20;

export class LineFile {
  readonly path: string;
  /** Lines written so far, and the longest of them in bytes. */
  lines = 0;
  longest = 0;
  readonly #handle: number;
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #used = 0;

  constructor(file: string) {
    this.path = file;
    this.#handle = openSync(file, "w", 0o600);
  }

  /** Writes `prefix`, the bytes `[start, end)` of `bytes`, `suffix` and a line feed. */
  write(prefix: string, bytes: Buffer, start = 0, end = bytes.length, suffix = ""): void {
    const size = prefix.length + (end - start) + suffix.length + 1;
    if (this.#used + size > BUFFER_BYTES) this.#flush();
    this.lines += 1;
    if (size > this.longest) this.longest = size;
    if (size > BUFFER_BYTES) {
      this.#writeAll(Buffer.concat([Buffer.from(prefix), bytes.subarray(start, end), Buffer.from(`${suffix}\n`)]));
      return;
    }
    this.#used += this.#buffer.write(prefix, this.#used, "latin1");
    this.#used += bytes.copy(this.#buffer, this.#used, start, end);
    if (suffix) this.#used += this.#buffer.write(suffix, this.#used, "latin1");
    this.#buffer[this.#used] = 10;
    this.#used += 1;
  }

  close(): void {
    try {
      this.#flush();
    } finally {
      closeSync(this.#handle);
    }
  }

  #flush(): void {
    this.#writeAll(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
  }

  #writeAll(bytes: Buffer): void {
    let written = 0;
    while (written < bytes.length) written += writeSync(this.#handle, bytes, written);
  }
}
