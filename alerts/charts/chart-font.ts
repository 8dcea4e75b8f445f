// The picture's font: Inter from npm, so that every machine draws alike and none scans its system fonts (0.4–2.4 s).
// npm has it as WOFF2, resvg reads TrueType from files only: it is unpacked once a process and lies on disk while drawing.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { decompress } from "wawoff2";

// One weight only: with several of one family resvg took now the one, now the other.
const FONT = "@fontsource/inter/files/inter-latin-500-normal.woff2";
const require = createRequire(import.meta.url);
let trueType: Promise<Uint8Array> | undefined;

/** Runs `work` with the path of the font file and removes it afterwards. */
export async function withChartFont<T>(work: (fontFile: string) => T | Promise<T>): Promise<T> {
  trueType ??= readFile(require.resolve(FONT)).then(decompress);
  const font = await trueType.catch((error: unknown) => {
    trueType = undefined;
    throw error;
  });
  const folder = await mkdtemp(path.join(tmpdir(), "aftersight-font-"));
  try {
    const file = path.join(folder, "inter.ttf");
    await writeFile(file, font);
    return await work(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
