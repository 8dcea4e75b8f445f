// A temporary file written in large pieces; written synchronously, so the reader of the input is naturally held back.
import { closeSync, openSync, writeSync } from "node:fs";
import { rm } from "node:fs/promises";

const BUFFER_BYTES = 1 << 20;
/** As much of one file's rows as is handed to DuckDB at a time: it bounds scratch space, and memory whatever the rows' length. */
const PIECE_BYTES = 128 << 20;

/** Where whole lines go. */
export interface LineSink {
  /** Writes `prefix` (ASCII), the bytes `[start, end)` of `bytes`, `suffix` (ASCII) and a line feed. */
  write(prefix: string, bytes: Buffer, start?: number, end?: number, suffix?: string): void;
}

export class LineFile implements LineSink {
  readonly path: string;
  /** Lines written so far, and the longest of them in bytes. */
  lines = 0;
  longest = 0;
  bytes = 0;
  readonly #handle: number;
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #used = 0;
  #isClosed = false;

  constructor(file: string) {
    this.path = file;
    this.#handle = openSync(file, "w", 0o600);
  }

  write(prefix: string, bytes: Buffer, start = 0, end = bytes.length, suffix = ""): void {
    const size = prefix.length + (end - start) + suffix.length + 1;
    if (this.#used + size > BUFFER_BYTES) this.#flush();
    this.lines += 1;
    this.bytes += size;
    if (size > this.longest) this.longest = size;
    if (size > BUFFER_BYTES) {
      this.#writeAll(Buffer.concat([Buffer.from(prefix), bytes.subarray(start, end), Buffer.from(`${suffix}\n`)]));
      return;
    }
    const buffer = this.#buffer;
    let used = this.#used;
    for (let at = 0; at < prefix.length; at += 1) buffer[used++] = prefix.charCodeAt(at);
    used += bytes.copy(buffer, used, start, end);
    for (let at = 0; at < suffix.length; at += 1) buffer[used++] = suffix.charCodeAt(at);
    buffer[used] = 10;
    this.#used = used + 1;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
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

export interface PiecesOptions {
  /** Path of the temporary files, without their number. */
  readonly path: string;
  /** Reads a closed piece; it is removed afterwards. Runs while the next piece is written. */
  readonly take: (piece: LineFile, number: number) => Promise<void>;
}

/** The lines of one file, handed over in pieces. */
export class LinePieces implements LineSink {
  lines = 0;
  readonly #options: PiecesOptions;
  #piece: LineFile | undefined;
  #count = 0;
  #taking: Promise<void> = Promise.resolve();

  constructor(options: PiecesOptions) {
    this.#options = options;
  }

  write(prefix: string, bytes: Buffer, start?: number, end?: number, suffix?: string): void {
    this.#piece ??= new LineFile(`${this.#options.path}-${this.#count}.txt`);
    this.#piece.write(prefix, bytes, start, end, suffix);
    this.lines += 1;
  }

  /** To be awaited between chunks of the input: hands over what has become a piece. */
  async settle(): Promise<void> {
    if (this.#piece && this.#piece.bytes >= PIECE_BYTES) await this.#handOver(this.#piece);
  }

  /** Hands over the rest and waits until all is taken. */
  async end(): Promise<void> {
    if (this.#piece) await this.#handOver(this.#piece);
    await this.#taking;
  }

  /** Waits for what is under way, whatever becomes of it, and removes the rest. */
  async discard(): Promise<void> {
    await this.#taking.catch(() => {});
    const piece = this.#piece;
    this.#piece = undefined;
    piece?.close();
    if (piece) await rm(piece.path, { force: true });
  }

  async #takeAndRemove(piece: LineFile, number: number): Promise<void> {
    try {
      await this.#options.take(piece, number);
    } finally {
      await rm(piece.path, { force: true });
    }
  }

  async #handOver(piece: LineFile): Promise<void> {
    await this.#taking;
    piece.close();
    this.#piece = undefined;
    const taking = this.#takeAndRemove(piece, this.#count);
    // Its error is thrown by the next await of it, not by nobody's.
    taking.catch(() => {});
    this.#taking = taking;
    this.#count += 1;
  }
}
