import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { EncodingDetector, type Detected } from "./detect-encoding.ts";

/** Everyday words of after-sales letters, by language; made up here, so that no model was fitted to them. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  de: [
    "Größe",
    "für",
    "zurück",
    "schön",
    "Gehäuse",
    "möchte",
    "geöffnet",
    "Grüße",
    "Reißverschluss",
    "Kälte",
    "täglich",
    "Müller",
    "Straße",
    "Qualität",
    "später",
    "Österreich",
    "Übergabe",
    "ausgewählt",
    "Händler",
    "Lieferverzögerung",
  ],
  fr: [
    "reçu",
    "livré",
    "déçue",
    "remboursé",
    "qualité",
    "très",
    "où",
    "dégât",
    "même",
    "à",
    "côté",
    "l’étiquette",
    "cassé",
    "après",
    "Hélène",
    "Noël",
    "abîmé",
    "problème",
    "échange",
    "déjà",
  ],
  es: [
    "todavía",
    "devolución",
    "¿Dónde",
    "está",
    "tamaño",
    "dañado",
    "pequeño",
    "número",
    "después",
    "envío",
    "María",
    "también",
    "Muñoz",
    "recepción",
    "más",
    "artículo",
    "mañana",
    "¡Gracias!",
    "público",
    "razón",
  ],
  pt: [
    "não",
    "devolução",
    "reclamação",
    "você",
    "São",
    "através",
    "João",
    "até",
    "já",
    "é",
    "botão",
    "opções",
    "avó",
    "também",
    "ótimo",
    "há",
    "relógio",
    "será",
    "vocês",
    "coração",
  ],
  ja: [
    "商品がまだ届きません。",
    "サイズが小さすぎます",
    "返品したいのですが",
    "箱が壊れていました",
    "色が写真と違います",
    "お問い合わせ番号",
    "東京都渋谷区",
    "ありがとうございます",
    "交換をお願いします",
    "傷がついています",
    "山田花子",
    "大阪府堺市",
    "配送業者",
    "説明書がない",
  ],
  zh: [
    "商品还没有收到",
    "尺码太小了",
    "我想申请退货",
    "包装盒已经破损",
    "颜色和图片不一样",
    "请尽快发货",
    "客服没有回复",
    "质量很差",
    "缺少一个零件",
    "王小明",
    "浙江省杭州市西湖区",
    "谢谢，麻烦换一个",
    "充电器坏了",
    "快递员态度不好",
  ],
};
const ENCODING: Readonly<Record<string, string>> = {
  de: "windows-1252",
  fr: "windows-1252",
  es: "windows-1252",
  pt: "windows-1252",
  ja: "shift_jis",
  zh: "gb18030",
};

/** Numbers that are the same in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function detect(bytes: Buffer, chunk = bytes.length): Detected {
  const detector = new EncodingDetector();
  for (let at = 0; at < bytes.length; at += chunk) detector.push(bytes.subarray(at, at + chunk));
  return detector.end();
}

/** A table whose text cells hold `count` words of the language, some twice. */
function table(words: readonly string[], count: number, next: () => number): string {
  const rows = Array.from({ length: count }, () => words[Math.floor(next() * words.length)] ?? "");
  return `order-id,note\r\n${rows.map((text, index) => `${1000 + index},"ok ${text}",1`).join("\r\n")}\r\n`;
}

describe("an encoding nobody declared", () => {
  it("is found in six languages, and from few words on nearly always; a wrong one never", () => {
    const next = random(42);
    const runs = 120;
    for (const [language, words] of Object.entries(WORDS)) {
      const right = new Map<number, number>();
      for (const count of [1, 3, 10, 40]) {
        for (let run = 0; run < runs; run += 1) {
          const text = table(words, count, next);
          const bytes = iconv.encode(text, ENCODING[language] ?? "");
          const found = detect(bytes);
          if (!("encoding" in found)) continue;
          expect(iconv.decode(bytes, found.encoding), `${language}, ${count} words`).toBe(text);
          right.set(count, (right.get(count) ?? 0) + 1);
        }
      }
      expect((right.get(3) ?? 0) / runs, `${language}, 3 words`).toBeGreaterThan(0.7);
      expect((right.get(10) ?? 0) / runs, `${language}, 10 words`).toBeGreaterThan(0.98);
      expect(right.get(40), `${language}, 40 words`).toBe(runs);
    }
  });

  it("may be UTF-16 without its mark", () => {
    for (const [language, words] of Object.entries(WORDS)) {
      const text = table(words, 5, random(7));
      for (const encoding of ["utf-16le", "utf-16be"]) {
        const bytes = iconv.encode(text, encoding, { addBOM: false });
        expect(detect(bytes), language).toEqual({ encoding });
        expect(detect(bytes.subarray(0, -1))).toHaveProperty("problem");
      }
    }
    expect(detect(Buffer.from("a,b\n1,x\0y\n"))).toHaveProperty("problem");
  });

  it("that is a third one is not taken for one of ours", () => {
    const others: readonly [encoding: string, text: string][] = [
      ["windows-1251", "Товар не пришёл. Верните деньги, качество плохое. Спасибо"],
      ["koi8-r", "Товар не пришёл. Верните деньги, качество плохое. Спасибо"],
      ["windows-1250", "Źle wykonany produkt, jakość słaba. Proszę o zwrot pieniędzy. Zamówienie nie dotarło, książka"],
      ["windows-1253", "Το προϊόν δεν έφτασε και θέλω επιστροφή χρημάτων"],
      ["euc-kr", "상품이 도착하지 않았습니다. 환불해 주세요. 배송이 너무 늦습니다"],
      ["euc-jp", "商品がまだ届きません。返品したいのですが、よろしくお願いします"],
      ["big5", "商品還沒收到，請退款。品質很差，尺寸不合，快遞破損"],
      ["macroman", "Größe für zurück schön Gehäuse möchte geöffnet Grüße Reißverschluss"],
      ["cp437", "Größe für zurück schön Gehäuse möchte geöffnet Grüße Reißverschluss"],
    ];
    for (const [encoding, text] of others) {
      expect(detect(iconv.encode(`id,note\n1,${text}\n`, encoding)), encoding).toHaveProperty("problem");
    }
  });

  it("is not guessed for UTF-8 with a damaged place, nor for a file of two encodings", () => {
    const utf8 = Buffer.from(table(WORDS.de ?? [], 20, random(3)));
    const cut = Buffer.concat([utf8.subarray(0, utf8.lastIndexOf(0xc3) + 1), Buffer.from("\r\n")]);
    expect(detect(cut)).toMatchObject({ problem: expect.stringContaining("damaged") });
    const latin = iconv.encode(table(WORDS.fr ?? [], 60, random(4)), "windows-1252");
    expect(detect(Buffer.concat([latin, Buffer.from(table(WORDS.de ?? [], 5, random(5)))]))).toMatchObject({
      problem: expect.stringContaining("part of it is UTF-8"),
    });
  });

  it("does not depend on how the bytes come", () => {
    for (const [language, words] of Object.entries(WORDS)) {
      const bytes = iconv.encode(table(words, 30, random(11)), ENCODING[language] ?? "");
      for (const chunk of [1, 7, 64]) expect(detect(bytes, chunk)).toEqual(detect(bytes));
    }
  });
});
