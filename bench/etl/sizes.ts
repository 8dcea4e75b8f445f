// How many bytes exports and versions are, and how many gzip would make of the exports.
import { createReadStream } from "node:fs";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

const GZIP_LEVEL = 6;
const FILES_AT_ONCE = 2;

/** Settings and notes are no exports. */
const NOT_EXPORTS = new Set(["truth.json", "aftersight.yml"]);

export async function exportFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && !NOT_EXPORTS.has(entry.name));
  return files.map((entry) => path.join(entry.parentPath, entry.name)).toSorted();
}

export async function bytesOf(files: readonly string[]): Promise<number> {
  let total = 0;
  for (const file of files) total += (await stat(file)).size;
  return total;
}

/** Each file compressed alone, as sellers would keep them; remembered beside `folder`, for it takes minutes at 100x. */
export async function gzipBytesOf(folder: string): Promise<number> {
  const files = await exportFiles(folder);
  const bytes = await bytesOf(files);
  const memory = `${folder}.gzip.json`;
  const known = await readFile(memory, "utf8").then(
    (text) => JSON.parse(text) as { bytes: number; gzipBytes: number },
    () => null,
  );
  if (known?.bytes === bytes) return known.gzipBytes;
  let gzipBytes = 0;
  const waiting = files.values();
  const work = async (): Promise<void> => {
    for (const file of waiting) gzipBytes += await gzipBytesOfFile(file);
  };
  await Promise.all(Array.from({ length: FILES_AT_ONCE }, work));
  await writeFile(memory, `${JSON.stringify({ bytes, gzipBytes })}\n`);
  return gzipBytes;
}

async function gzipBytesOfFile(file: string): Promise<number> {
  let bytes = 0;
  const count = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done();
    },
  });
  await pipeline(createReadStream(file), createGzip({ level: GZIP_LEVEL }), count);
  return bytes;
}
