// Zip archives as folders: `orders.zip` lists as `orders.zip/orders_1.csv`, ... and each is read by streaming, never written to disk,
// so that no name in an archive can lead anywhere. Only what mail attachments of exports need: stored and deflated files.
import type { FileHandle } from "node:fs/promises";
import path from "node:path";
import { PassThrough, Readable, Transform } from "node:stream";
import { crc32, createInflateRaw } from "node:zlib";
import { AppError } from "../../shared/errors.ts";
import { readRange } from "./read-range.ts";

/** An archive that cannot be used, or a file in it. */
export class ZipError extends AppError {}

export interface ZipEntry {
  readonly name: string;
  readonly bytes: number;
  readonly packedBytes: number;
  readonly crc: number;
  readonly method: number;
  readonly headerAt: number;
}

const MOST_ENTRIES = 10_000;
const LARGEST_DIRECTORY = 16 << 20;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;
const ALL_ONES = 0xffff_ffff;

/** Splits `/inbox/a.zip/b.csv` at the archive. */
export function zipPathOf(file: string): { readonly archive: string; readonly entry: string } | undefined {
  const found = /^(.*?\.zip)[\\/](.+)$/i.exec(file);
  return found ? { archive: found[1] ?? "", entry: (found[2] ?? "").split(path.sep).join("/") } : undefined;
}

/** The files of an archive, folders and what file managers add left out. @throws ZipError */
export async function listZip(handle: FileHandle, size: number): Promise<ZipEntry[]> {
  const { at, length, count } = await findDirectory(handle, size);
  if (count > MOST_ENTRIES || length > LARGEST_DIRECTORY) {
    throw new ZipError(`is a zip archive of more than ${MOST_ENTRIES} files`, { advice: "Unpack it" });
  }
  const directory = await readAt(handle, at, length);
  const entries: ZipEntry[] = [];
  let position = 0;
  for (let number = 0; number < count; number += 1) {
    if (position + 46 > directory.length || directory.readUInt32LE(position) !== ENTRY) throw damaged();
    const nameLength = directory.readUInt16LE(position + 28);
    const extraLength = directory.readUInt16LE(position + 30);
    const entry = readEntry(directory, position, nameLength, extraLength);
    position += 46 + nameLength + extraLength + directory.readUInt16LE(position + 32);
    const whole = checked(entry);
    if (!isPassedOver(whole.name)) entries.push(whole);
  }
  const names = new Set(entries.map((entry) => entry.name.toLowerCase()));
  if (names.size < entries.length)
    throw new ZipError("is a zip archive that holds two files of one name", { advice: "Unpack it" });
  return entries;
}

/** @throws ZipError when the archive has no such file, or its bytes are not what the archive says. */
export async function openZipEntry(
  handle: FileHandle,
  size: number,
  name: string,
): Promise<{ stream: Readable; packedBytes: () => number }> {
  const entry = (await listZip(handle, size)).find((each) => each.name === name);
  if (!entry) throw new ZipError(`is no longer in its archive`, { advice: "The next run reads what is there then" });
  const header = await readAt(handle, entry.headerAt, 30);
  if (header.readUInt32LE(0) !== LOCAL) throw damaged();
  const start = entry.headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (start + entry.packedBytes > size) throw damaged();
  const stream = new CheckedBytes(entry);
  if (entry.packedBytes === 0) {
    stream.end();
    return { stream, packedBytes: () => 0 };
  }
  const raw = Readable.from(readRange(handle, start, start + entry.packedBytes), { objectMode: false });
  const inflate = entry.method === STORED ? new PassThrough() : createInflateRaw({ chunkSize: 1 << 20 });
  let packed = 0;
  raw.on("data", (chunk: Buffer) => (packed += chunk.length));
  raw.on("error", (error) => inflate.destroy(error));
  inflate.on("error", (error) => stream.destroy(error));
  stream.on("close", () => {
    inflate.destroy();
    raw.destroy();
  });
  raw.pipe(inflate).pipe(stream);
  return { stream, packedBytes: () => packed };
}

/** Passes bytes through and compares them, at their end, with what the archive says of them. */
class CheckedBytes extends Transform {
  readonly #entry: ZipEntry;
  #size = 0;
  #crc = 0;

  constructor(entry: ZipEntry) {
    super({ highWaterMark: 1 << 20 });
    this.#entry = entry;
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null, chunk?: Buffer) => void): void {
    this.#size += chunk.length;
    this.#crc = crc32(chunk, this.#crc);
    done(this.#size > this.#entry.bytes ? damaged() : null, chunk);
  }

  override _flush(done: (error?: Error | null) => void): void {
    done(this.#size === this.#entry.bytes && this.#crc === this.#entry.crc ? null : damaged());
  }
}

function readEntry(
  directory: Buffer,
  at: number,
  nameLength: number,
  extraLength: number,
): ZipEntry & { flags: number } {
  const nameAt = at + 46;
  const flags = directory.readUInt16LE(at + 8);
  const name = directory.toString(flags & 0x800 ? "utf8" : "latin1", nameAt, nameAt + nameLength);
  const wide = wideFields(directory.subarray(nameAt + nameLength, nameAt + nameLength + extraLength));
  const field = (offset: number) => {
    const value = directory.readUInt32LE(at + offset);
    return value === ALL_ONES ? (wide.shift() ?? value) : value;
  };
  // In this order in the 64-bit extra field too.
  const bytes = field(24);
  const packedBytes = field(20);
  const headerAt = field(42);
  const crc = directory.readUInt32LE(at + 16);
  return {
    name: name.replaceAll("\\", "/"),
    bytes,
    packedBytes,
    crc,
    method: directory.readUInt16LE(at + 10),
    headerAt,
    flags,
  };
}

/** The numbers of the 64-bit extra field. */
function wideFields(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length;) {
    const length = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1) {
      const values: number[] = [];
      for (let value = at + 4; value + 8 <= Math.min(extra.length, at + 4 + length); value += 8) {
        values.push(Number(extra.readBigUInt64LE(value)));
      }
      return values;
    }
    at += 4 + length;
  }
  return [];
}

function isPassedOver(name: string): boolean {
  return (
    name.endsWith("/") ||
    name.split("/").some((part) => part.startsWith(".") || part === "__MACOSX" || part.startsWith("~$"))
  );
}

function checked({ flags, ...entry }: ZipEntry & { flags: number }): ZipEntry {
  const { name } = entry;
  if (flags & 1) throw new ZipError("is a zip archive with a password", { advice: "Unpack it" });
  if (entry.method !== STORED && entry.method !== DEFLATED) {
    throw new ZipError("is packed in a way that is not read here", { advice: "Unpack it" });
  }
  // eslint-disable-next-line no-control-regex
  if (name.startsWith("/") || /^[a-z]:/i.test(name) || name.split("/").includes("..") || /[\u0000-\u001F]/.test(name)) {
    throw new ZipError("is a zip archive with names that lead out of it", { advice: "Do not trust whoever made it" });
  }
  return entry;
}

async function findDirectory(handle: FileHandle, size: number): Promise<{ at: number; length: number; count: number }> {
  const tailLength = Math.min(size, 22 + 0xffff);
  const tail = await readAt(handle, size - tailLength, tailLength);
  for (let at = tail.length - 22; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== END || at + 22 + tail.readUInt16LE(at + 20) !== tail.length) continue;
    const found = {
      at: tail.readUInt32LE(at + 16),
      length: tail.readUInt32LE(at + 12),
      count: tail.readUInt16LE(at + 10),
    };
    const wide = found.at === ALL_ONES || found.length === ALL_ONES || found.count === 0xffff;
    const directory = wide ? await findWideDirectory(handle, size - tailLength + at) : found;
    if (directory.at + directory.length > size) throw damaged();
    return directory;
  }
  throw damaged();
}

async function findWideDirectory(
  handle: FileHandle,
  endAt: number,
): Promise<{ at: number; length: number; count: number }> {
  if (endAt < 20) throw damaged();
  const locator = await readAt(handle, endAt - 20, 20);
  if (locator.readUInt32LE(0) !== LOCATOR_64) throw damaged();
  const end = await readAt(handle, Number(locator.readBigUInt64LE(8)), 56);
  if (end.readUInt32LE(0) !== END_64) throw damaged();
  const number = (offset: number) => Number(end.readBigUInt64LE(offset));
  return { at: number(48), length: number(40), count: number(32) };
}

async function readAt(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await handle.read(bytes, 0, length, at);
  if (bytesRead < length) throw damaged();
  return bytes;
}

function damaged(): ZipError {
  return new ZipError("is a damaged zip archive, or not whole yet", { advice: "Download it again" });
}
