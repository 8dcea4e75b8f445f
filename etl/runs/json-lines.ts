// Append-only files of JSON lines, one writer at a time. A line that a crash or a full disk cut short is passed over, and the next
// one begins anew; the oldest lines go when a file grows beyond its bound.
import { open, readdir, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import { hasCode } from "../../shared/errors.ts";
import { writeFileAtomic } from "../../shared/files.ts";

/** Every line that can be read, oldest first. */
export async function readJsonLines<Row>(file: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const line of (await readOrEmpty(file)).split("\n")) {
    const row = parseLine(line);
    if (row !== undefined) rows.push(row as Row);
  }
  return rows;
}

/** Durable on return: all lines, or as many as fitted on the disk. */
export async function appendJsonLines(file: string, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  const handle = await open(file, "a+", 0o600);
  try {
    const { size } = await handle.stat();
    const last = size > 0 ? (await handle.read(Buffer.alloc(1), 0, 1, size - 1)).buffer.toString() : "\n";
    const text = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
    await handle.writeFile(last === "\n" ? text : `\n${text}`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Keeps the newest lines, half of `maxBytes`, once the file has grown beyond it; sweeps what a killed run left of that. */
export async function boundJsonLines(file: string, maxBytes: number): Promise<void> {
  await sweep(file);
  const size = await stat(file).then(
    (info) => info.size,
    (error: unknown) => {
      if (hasCode(error, "ENOENT")) return 0;
      throw error;
    },
  );
  if (size <= maxBytes) return;
  const content = await readFile(file);
  const cut = content.indexOf("\n", content.length - maxBytes / 2);
  await writeFileAtomic(file, content.subarray(cut < 0 ? content.length : cut + 1), 0o600);
}

async function sweep(file: string): Promise<void> {
  const folder = path.dirname(file);
  for (const name of await readdir(folder)) {
    if (name.startsWith(`${path.basename(file)}.`) && name.endsWith(".tmp")) {
      await rm(path.join(folder, name), { force: true });
    }
  }
}

async function readOrEmpty(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return "";
    throw error;
  }
}

function parseLine(line: string): unknown {
  if (line === "") return undefined;
  try {
    const row: unknown = JSON.parse(line);
    return typeof row === "object" && row !== null ? row : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
