// Bytes of an open file in order. Unlike a stream over it, it leaves the file open for whoever opened it.
import type { FileHandle } from "node:fs/promises";

const CHUNK = 1 << 20;

/** From `start` up to `end`, or to where the file ends; each chunk is a buffer of its own. */
export async function* readRange(handle: FileHandle, start = 0, end = Infinity): AsyncGenerator<Buffer> {
  let position = start;
  while (position < end) {
    const size = Math.min(CHUNK, end - position);
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(size), 0, size, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
