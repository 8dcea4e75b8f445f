// The picture's font: Inter from npm, so that every machine draws alike and none scans its system fonts (0.4–2.4 s).
// npm has it as WOFF2, resvg reads TrueType from files only: it is unpacked once a process and lies on disk while drawing.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { decompress } from "wawoff2";

const WEIGHTS = [400, 600] as const;
const require = createRequire(import.meta.url);
let trueType: Promise<Uint8Array[]> | undefined;

/** Runs `work` with the paths of the font files and removes them afterwards. */
export async function withChartFonts<T>(work: (fontFiles: string[]) => T | Promise<T>): Promise<T> {
  trueType ??= unpack();
  const fonts = await trueType.catch((error: unknown) => {
    trueType = undefined;
    throw error;
  });
  const folder = await mkdtemp(path.join(tmpdir(), "aftersight-fonts-"));
  try {
    const files = fonts.map((_, index) => path.join(folder, `inter-${WEIGHTS[index]}.ttf`));
    for (const [index, file] of files.entries()) await writeFile(file, fonts[index] ?? new Uint8Array());
    return await work(files);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function unpack(): Promise<Uint8Array[]> {
  return Promise.all(
    WEIGHTS.map(async (weight) => {
      const file = require.resolve(`@fontsource/inter/files/inter-latin-${weight}-normal.woff2`);
      return decompress(await readFile(file));
    }),
  );
}
