import { appendFile, mkdir, mkdtemp, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import iconv from "iconv-lite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FileChangedError } from "./file-bytes.ts";
import { readText, type TextOptions } from "./file-text.ts";
import { listFolder } from "./inbox-files.ts";
import { zipOf, type ZipFile } from "./zip-testing.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "text-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, content: string | Buffer): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return file;
}

async function read(file: string, options: TextOptions = {}): Promise<{ text: string; encoding: string }> {
  const chunks: Buffer[] = [];
  let encoding = "";
  for await (const chunk of readText(file, { ...options, onEncoding: (name) => (encoding = name) })) chunks.push(chunk);
  return { text: Buffer.concat(chunks).toString("utf8"), encoding };
}

const refusal = async (content: string | Buffer, name = "x.csv", options?: TextOptions) => {
  const file = await put(name, content);
  return read(file, options).then(
    ({ encoding }) => `read as ${encoding}`,
    (error: Error) => error.message,
  );
};

const GERMAN = "id,note\n1,Größe für Müller zu groß\n2,zurück wegen Kälte\n";
const JAPANESE = "id,note\n1,商品がまだ届きません\n2,返品したいのですが\n";

describe("text out of a file", () => {
  it("comes out the same whatever it was written in, and says what decided", async () => {
    const cases: [string, Buffer, TextOptions, string][] = [
      [GERMAN, Buffer.from(GERMAN), {}, "utf-8"],
      [GERMAN, Buffer.from(`\uFEFF${GERMAN}`), {}, "utf-8 (bom)"],
      [GERMAN, iconv.encode(GERMAN, "utf-16le", { addBOM: true }), {}, "utf-16le (bom)"],
      [GERMAN, iconv.encode(GERMAN, "utf-16be", { addBOM: true }), {}, "utf-16be (bom)"],
      [JAPANESE, iconv.encode(JAPANESE, "utf-16be", { addBOM: false }), {}, "utf-16be (detected)"],
      [GERMAN, iconv.encode(GERMAN, "windows-1252"), {}, "windows-1252 (detected)"],
      [GERMAN, iconv.encode(GERMAN, "windows-1252"), { encoding: "windows-1252" }, "windows-1252 (declared)"],
      [GERMAN, iconv.encode(GERMAN, "macroman"), { encoding: "macroman" }, "macroman (declared)"],
      [JAPANESE, iconv.encode(JAPANESE, "shift_jis"), {}, "shift_jis (detected)"],
      [JAPANESE, Buffer.from(JAPANESE), { encoding: "shift_jis" }, "utf-8 (detected, though shift_jis was declared)"],
      [GERMAN, Buffer.from(`\uFEFF${GERMAN}`), { encoding: "shift_jis" }, "utf-8 (bom)"],
    ];
    for (const [text, bytes, options, encoding] of cases) {
      for (const content of [bytes, gzipSync(bytes)]) {
        expect(await read(await put("a.csv", content), options)).toEqual({ text, encoding });
      }
    }
  });

  it("may show its encoding late, but not after letters that were read as UTF-8", async () => {
    const head = `id,note\n${"1,plain\n".repeat(300_000)}`;
    const late = iconv.encode(head + GERMAN, "windows-1252");
    expect(await read(await put("late.csv", late))).toEqual({
      text: head + GERMAN,
      encoding: "windows-1252 (detected)",
    });
    const mixed = Buffer.concat([Buffer.from(`1,für\n${head}`), iconv.encode(GERMAN, "windows-1252")]);
    expect(await refusal(mixed)).toMatch(/^is not UTF-8: bad byte at offset 24\d{5}; what comes before is$/);
    expect(await refusal(iconv.encode("id,note\n1,am Ende é", "windows-1252"))).toBe("read as windows-1252 (detected)");
    expect(await refusal(Buffer.from(JAPANESE).subarray(0, -2))).toMatch(/offset \d+; what comes before is$/);
  });

  it("is refused where a byte contradicts the encoding, or a letter was lost before", async () => {
    const broken = Buffer.concat([iconv.encode(JAPANESE.repeat(3), "shift_jis"), Buffer.from([0x81, 0x20, 0x0a])]);
    expect(await refusal(broken)).toMatch(/is not shift_jis: character \d+ cannot be decoded/);
    expect(await refusal(broken, "x.csv", { encoding: "shift_jis" })).toMatch(/is not shift_jis/);
    const halfPair = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("a\ud800b", "utf16le")]);
    expect(await refusal(halfPair)).toMatch(/is not utf-16le: character 2/);
  });

  it("is what it is, not what its name says", async () => {
    expect((await read(await put("browser.csv.gz", GERMAN))).text).toBe(GERMAN);
    expect((await read(await put("packed.csv", gzipSync(GERMAN)))).text).toBe(GERMAN);
    expect(await refusal("<!DOCTYPE html>\n<html><body>Sign in</body></html>")).toMatch(/is a web page/);
    expect(await refusal(zipOf([{ name: "xl/workbook.xml", content: "<x/>" }]), "orders.csv")).toMatch(/workbook/);
    expect(await refusal("%PDF-1.7 ...")).toMatch(/is a PDF/);
    expect(await refusal(gzipSync(gzipSync(GERMAN)), "twice.csv.gz")).toMatch(/packed twice/);
  });
});

describe("a packed file", () => {
  it("that swells without measure is refused before it has swollen", async () => {
    const bomb = gzipSync(Buffer.alloc(100 << 20, "0,"));
    const before = process.memoryUsage.rss();
    expect(await refusal(bomb, "bomb.csv.gz")).toMatch(/unpacks to more than 250 times its size/);
    const name = path.join(folder, "bomb.zip");
    await writeFile(name, zipOf([{ name: "bomb.csv", content: Buffer.alloc(100 << 20, "0,") }]));
    await expect(read(path.join(name, "bomb.csv"))).rejects.toThrow(/unpacks to more than 250 times its size/);
    expect(process.memoryUsage.rss() - before).toBeLessThan(400 << 20);
  });

  it("has a largest size, which can be set", async () => {
    const rows = Array.from({ length: 60_000 }, (_, index) => `${index},${Math.sin(index)}`).join("\n");
    const packed = gzipSync(rows);
    expect(await refusal(packed, "rows.csv.gz")).toBe("read as utf-8");
    expect(await refusal(packed, "rows.csv.gz", { largestUnpackedBytes: 1 << 20 })).toMatch(
      /unpacks to more than 1 MB/,
    );
  });

  it("is read out of a zip archive as out of a folder", async () => {
    const inbox = path.join(folder, "zips");
    const archive = zipOf([
      { name: "export/orders_1.csv", content: GERMAN },
      { name: "export/", content: "", isStored: true },
      { name: "__MACOSX/._orders_1.csv", content: "x" },
      { name: "orders_2.csv", content: iconv.encode(JAPANESE, "shift_jis"), isStored: true },
      { name: "empty.csv", content: "", isStored: true },
      { name: "all.mapping.yml", content: "entity: orders" },
    ]);
    await mkdir(inbox);
    await writeFile(path.join(inbox, "Orders.ZIP"), archive);
    const { files, ignored } = await listFolder(inbox);
    expect(files.map((file) => [file.path, file.bytes])).toEqual([
      ["Orders.ZIP/empty.csv", 0],
      ["Orders.ZIP/export/orders_1.csv", Buffer.byteLength(GERMAN)],
      ["Orders.ZIP/orders_2.csv", iconv.encode(JAPANESE, "shift_jis").length],
    ]);
    expect(ignored).toMatchObject([{ path: "Orders.ZIP/all.mapping.yml" }]);
    const texts = await Promise.all(files.map((file) => read(file.absolute, { expected: file })));
    expect(texts.map(({ text }) => text)).toEqual(["", GERMAN, JAPANESE]);
  });

  it("in an archive that is damaged, locked or leads out of it is told, not read", async () => {
    const listed = async (...files: ZipFile[]) => {
      const inbox = await mkdtemp(path.join(folder, "zip-"));
      await writeFile(path.join(inbox, "a.zip"), zipOf(files));
      const { files: found, ignored } = await listFolder(inbox);
      return found.length > 0 ? found[0]?.absolute : ignored[0]?.message;
    };
    const file = { name: "a.csv", content: GERMAN };
    expect(await listed({ ...file, lie: { flags: 1 } })).toMatch(/password/);
    expect(await listed({ ...file, lie: { method: 14 } })).toMatch(/not read here. Unpack it/);
    for (const name of ["../a.csv", "/etc/a.csv", "C:\\a.csv", "x/../../a.csv"]) {
      expect(await listed({ ...file, name })).toMatch(/lead out of it/);
    }
    expect(await listed(file, { ...file, name: "A.csv" })).toMatch(/two files of one name/);
    expect(await listed()).toMatch(/empty zip/);
    const wrong = await listed({ ...file, lie: { crc: 1 } });
    await expect(read(wrong ?? "")).rejects.toThrow(/damaged zip/);
    const larger = await listed({ ...file, lie: { bytes: 5 } });
    await expect(read(larger ?? "")).rejects.toThrow(/damaged zip/);
    const inbox = await mkdtemp(path.join(folder, "zip-"));
    await writeFile(path.join(inbox, "half.zip"), zipOf([file]).subarray(0, -10));
    await writeFile(path.join(inbox, "none.zip"), "no archive");
    const { ignored } = await listFolder(inbox);
    expect(ignored.map((each) => each.message)).toEqual([
      expect.stringMatching(/damaged zip archive, or not whole yet/),
      expect.stringMatching(/damaged zip/),
    ]);
  });
});

describe("a file at which somebody is still at work", () => {
  const long = "id,note\n" + "1,plain\n".repeat(400_000);

  async function listed(name: string) {
    const file = await put(name, long);
    const info = await stat(file);
    return { file, expected: { bytes: info.size, modifiedAtMs: Math.floor(info.mtimeMs) } };
  }

  async function readWhile(work: (file: string) => Promise<void>): Promise<unknown> {
    const { file, expected } = await listed("live.csv");
    try {
      let chunks = 0;
      for await (const _ of readText(file, { expected })) if (++chunks === 1) await work(file);
      return "read";
    } catch (error) {
      return error;
    }
  }

  it("is left to the next run: it grows, shrinks, goes or is replaced while it is read", async () => {
    expect(await readWhile(async () => {})).toBe("read");
    const changes: ((file: string) => Promise<void>)[] = [
      (file) => appendFile(file, "2,more\n"),
      (file) => writeFile(file, "id,note\n"),
      (file) => rm(file),
      async (file) => rename(await put("other.csv", long), file),
    ];
    for (const change of changes) expect(await readWhile(change)).toBeInstanceOf(FileChangedError);
  });

  it("is not what was listed", async () => {
    const { file, expected } = await listed("changed.csv");
    await utimes(file, new Date(), new Date(Date.now() + 5000));
    await expect(read(file, { expected })).rejects.toThrow(/changed since the inbox was listed/);
    await rm(file);
    await expect(read(file, { expected })).rejects.toThrow(/it is gone/);
  });
});
