// The bytes of a file of the inbox, unpacked: bounded, and only of a file that stays as it is while it is read.
import type { Stats } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { AppError, hasCode, messageOf } from "../../shared/errors.ts";
import { LARGEST_UNPACKED_GB, MOST_SWELLING, SWELLING_LOOKED_AT } from "./input-limits.ts";
import { readRange } from "./read-range.ts";
import { openZipEntry, ZipError, zipPathOf } from "./zip-archive.ts";

/** A file that is left out as a whole, or from a point on; the run goes on without it. */
export class FileRefusedError extends AppError {}

/** Somebody is still at work on it: nothing is wrong with it, and the next run reads it. */
export class FileChangedError extends FileRefusedError {}

export interface BytesOptions {
  /** The file as it was listed. */
  readonly expected?: { readonly bytes: number; readonly modifiedAtMs: number } | undefined;
  readonly largestUnpackedBytes?: number | undefined;
}

const CHUNK = 1 << 20;

/** @throws FileRefusedError when it cannot be read, changes meanwhile, is not what its name says, or swells beyond the limits. */
export async function* readBytes(file: string, options: BytesOptions = {}): AsyncGenerator<Buffer> {
  const zip = zipPathOf(file);
  const onDisk = zip?.archive ?? file;
  const handle = await openFile(onDisk);
  try {
    const before = await handle.stat();
    // Of a file in an archive the archive's own time is known, and the size it will have.
    if (!isAsListed(before, options.expected, zip !== undefined)) throw changed("since the inbox was listed");
    try {
      yield* zip ? limited(await openZipEntry(handle, before.size, zip.entry), options) : unpacked(handle, options);
    } finally {
      await checkUnchanged(onDisk, handle, before);
    }
  } catch (error) {
    if (error instanceof FileRefusedError) throw error;
    if (error instanceof ZipError)
      throw new FileRefusedError(error.message, { advice: error.advice ?? "", cause: error });
    throw new FileRefusedError(`cannot be read: ${messageOf(error)}`, { cause: error });
  } finally {
    await handle.close();
  }
}

async function openFile(file: string): Promise<FileHandle> {
  try {
    return await open(file, "r");
  } catch (error) {
    if (hasCode(error, "ENOENT")) throw changed("since the inbox was listed: it is gone", error);
    throw new FileRefusedError(`cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function isAsListed(now: Stats, listed: BytesOptions["expected"], isInZip: boolean): boolean {
  if (!listed) return true;
  return (isInZip || now.size === listed.bytes) && Math.floor(now.mtimeMs) === listed.modifiedAtMs;
}

async function checkUnchanged(file: string, handle: FileHandle, before: Stats): Promise<void> {
  const now = await handle.stat();
  if (now.size !== before.size || now.mtimeMs !== before.mtimeMs) throw changed("while it was read");
  if (now.nlink === 0) throw changed("while it was read: it is gone, or another took its place");
  // A rename over it leaves our own handle as it was.
  const named = await open(file, "r").catch(() => undefined);
  if (!named) throw changed("while it was read: it is gone");
  try {
    const other = await named.stat();
    if (other.ino !== now.ino || other.dev !== now.dev) throw changed("while it was read: another took its place");
  } finally {
    await named.close();
  }
}

function changed(when: string, cause?: unknown): FileChangedError {
  return new FileChangedError(`changed ${when}`, {
    advice: "Nothing is lost: the next run reads it when it is complete",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** By what it is, not by its name: browsers unpack a download and leave it its `.gz`. */
async function* unpacked(handle: FileHandle, options: BytesOptions): AsyncGenerator<Buffer> {
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(512), 0, 512, 0);
  const start = buffer.subarray(0, bytesRead);
  if (start[0] !== 0x1f || start[1] !== 0x8b) {
    refuseForeign(start);
    yield* readRange(handle);
    return;
  }
  const raw = Readable.from(readRange(handle), { objectMode: false });
  const gunzip = createGunzip({ chunkSize: CHUNK });
  raw.on("error", (error) => gunzip.destroy(error));
  gunzip.on("close", () => raw.destroy());
  raw.pipe(gunzip);
  yield* limited({ stream: gunzip, packedBytes: () => gunzip.bytesWritten }, options);
}

async function* chunksOf(stream: Readable): AsyncGenerator<Buffer> {
  try {
    yield* stream as AsyncIterable<Buffer>;
  } finally {
    stream.destroy();
  }
}

interface Packed {
  readonly stream: Readable;
  readonly packedBytes: () => number;
}

async function* limited({ stream, packedBytes }: Packed, options: BytesOptions): AsyncGenerator<Buffer> {
  const largest = options.largestUnpackedBytes ?? LARGEST_UNPACKED_GB * 2 ** 30;
  let size = 0;
  let isFirst = true;
  for await (const chunk of chunksOf(stream)) {
    if (isFirst) refuseForeign(chunk);
    isFirst = false;
    size += chunk.length;
    if (size > largest) {
      throw new FileRefusedError(`unpacks to more than ${sizeText(largest)}`, {
        advice: "If it is an honest export, raise largest_unpacked_gb in aftersight.yml or split it",
      });
    }
    if (size > SWELLING_LOOKED_AT && size > packedBytes() * MOST_SWELLING) {
      throw new FileRefusedError(`unpacks to more than ${MOST_SWELLING} times its size: no export does`, {
        advice: "If it is an honest export, put it into the inbox unpacked",
      });
    }
    yield chunk;
  }
}

function sizeText(bytes: number): string {
  return bytes < 2 ** 30 ? `${Math.ceil(bytes / 2 ** 20)} MB` : `${Math.round((bytes / 2 ** 30) * 10) / 10} GB`;
}

const FOREIGN: readonly { readonly starts: string; readonly what: string; readonly advice: string }[] = [
  {
    starts: "PK\u0003\u0004",
    what: "a zip archive or workbook",
    advice: "Unpack it; of a workbook save each sheet as CSV",
  },
  { starts: "PK\u0005\u0006", what: "an empty zip archive", advice: "Export it again" },
  { starts: "\u00D0\u00CF\u0011\u00E0", what: "an Excel or Office document", advice: "Save each sheet as CSV (UTF-8)" },
  { starts: "Rar!", what: "a RAR archive", advice: "Unpack it" },
  { starts: "7z\u00BC\u00AF", what: "a 7-Zip archive", advice: "Unpack it" },
  { starts: "\u0028\u00B5\u002F\u00FD", what: "a Zstandard archive", advice: "Unpack it" },
  { starts: "BZh", what: "a bzip2 archive", advice: "Unpack it" },
  { starts: "\u00FD7zXZ", what: "an xz archive", advice: "Unpack it" },
  { starts: "\u001F\u008B", what: "packed twice", advice: "Unpack it once" },
  { starts: "%PDF", what: "a PDF", advice: "Export the data as CSV or JSON" },
  { starts: "PAR1", what: "a Parquet file", advice: "Name it .parquet and describe it with a mapping file" },
];

/** What sellers drop by mistake, told by what it is instead of by its first odd byte. */
function refuseForeign(start: Buffer): void {
  const text = start.toString("latin1", 0, 512);
  const found = FOREIGN.find(({ starts }) => text.startsWith(starts));
  if (found) throw new FileRefusedError(`is ${found.what}, not text`, { advice: found.advice });
  if (/^(?:\u00EF\u00BB\u00BF)?\s*<(?:!doctype html|html)/i.test(text)) {
    throw new FileRefusedError("is a web page, not an export", {
      advice: "Mostly a sign-in page that was saved instead of the download: sign in and export it again",
    });
  }
}
