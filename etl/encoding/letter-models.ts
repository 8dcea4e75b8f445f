// How likely bytes are, read as Windows-1252, Shift-JIS or GB18030 text of an export. Rough on purpose: encodings differ by orders of
// magnitude, and where they do not, detect-encoding.ts refuses to choose.
import iconv from "iconv-lite";

/** Natural logarithms, summed over a token: the letters' likelihood, and how many letters are odd for the encoding. */
export interface Reading {
  likelihood: number;
  letters: number;
  odd: number;
}

/** Reads a run of bytes without space, digit-free punctuation or line end; adds what it finds to `reading`. */
export type Model = (token: Buffer, reading: Reading) => void;

const IMPOSSIBLE = Math.log(1e-12);
/** Of an ASCII letter inside such a token. */
const ASCII = Math.log(1 / 20);
const ODD_BELOW = Math.log(5e-6);

const share = (letters: string, each: number): [string, number][] => Array.from(letters, (letter) => [letter, each]);

/** Shares among the letters beyond ASCII in German, French, Spanish, Portuguese, Italian, Dutch and Nordic shops' texts. */
const WESTERN = new Map<string, number>([
  ...share("äüéãçóáíö", 0.07),
  ...share("ñàèêõßúô", 0.025),
  ...share("âîïûùëåæøòì’", 0.006),
  ...share("ÄÖÜÉÁÀÇÓÍÚÑÊÂÔÅØÆÈÕÃœ¿¡€–“”„‘…«»°ºª®™•´\u00A0", 0.003),
  ...share("ÎËÏÙÛÒÌŒ£©—×²³½·§µ", 0.0003),
]);
const WESTERN_REST = 2e-6;

// Tokens stand between signs below "0", so the first letter always follows ASCII.
const WESTERN_STEP = { afterAscii: Math.log(0.06), afterHigh: Math.log(0.1), afterTwoHigh: Math.log(0.004) };
const CJK_STEP = {
  atStart: Math.log(0.12),
  // Right beside an ASCII letter, as in "iPhone用": rare in Asian texts, the rule in what only looks like one.
  afterAscii: Math.log(0.02),
  afterHigh: Math.log(0.85),
  toAscii: Math.log(0.1),
};

const westernTable = Array.from({ length: 256 }, (_, byte) => {
  const text = iconv.decode(Buffer.from([byte]), "windows-1252");
  if (byte < 0x80) return ASCII;
  if (text === "\uFFFD" || /\p{Cc}/u.test(text)) return IMPOSSIBLE;
  return Math.log(WESTERN.get(text) ?? WESTERN_REST);
});
const LETTER = Array.from({ length: 256 }, (_, byte) =>
  /\p{L}/u.test(iconv.decode(Buffer.from([byte]), "windows-1252")),
);
const UPPER = Array.from({ length: 256 }, (_, byte) =>
  /\p{Lu}/u.test(iconv.decode(Buffer.from([byte]), "windows-1252")),
);
const APOSTROPHE = 0x92;

export const western: Model = (token, reading) => {
  let highBefore = 0;
  for (let at = 0; at < token.length; at += 1) {
    const byte = token[at] as number;
    let value = westernTable[byte] as number;
    if (byte < 0x80) {
      highBefore = 0;
      reading.likelihood += value;
      continue;
    }
    const before = at > 0 ? (token[at - 1] as number) : 0;
    const after = at + 1 < token.length ? (token[at + 1] as number) : 0;
    const isInside = LETTER[before] === true && LETTER[after] === true;
    // A sign in the middle of a word, a capital after a small letter: another alphabet's letters.
    if (isInside && ((!LETTER[byte] && byte !== APOSTROPHE) || (UPPER[byte] && !UPPER[before])))
      value = Math.min(value, ODD_BELOW - 4);
    reading.letters += 1;
    const step =
      highBefore === 0
        ? WESTERN_STEP.afterAscii
        : highBefore === 1
          ? WESTERN_STEP.afterHigh
          : WESTERN_STEP.afterTwoHigh;
    if (value < ODD_BELOW || highBefore >= 2) reading.odd += 1;
    reading.likelihood += value + step;
    highBefore += 1;
  }
};

/** Common Chinese characters: everyday ones and those of shops. */
const CHINESE =
  "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运" +
  "退货订单客户质颜尺码物流快递包裹破损收换款价商店买卖送寄慢坏错缺漏差评满装裙衣裤鞋黑红蓝绿黄粉灰穿洗布料薄厚舒适假描述符照片图客服态联系赔偿付邮箱址街号楼室县镇村广州深圳上海杭江浙苏省仓库备注件型款套只双把支瓶盒袋箱充线屏幕机器灯杯锅刀架桌椅床垫被枕具" +
  "张李王刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕";
/** Common Japanese characters beside kana. */
const JAPANESE =
  "日一国人年大十二本中長出三時行見月後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男西電校語土木聞食車何南万毎白天母火右読友左休父雨会社同事自者地業方新場員立開手力問代明動京目通言理体田主題意不作用度強公持野以思家世多正安院心界教文元重近考画海売知道集別物使品計死特私始朝運終台広住真有口少町料工建空急止送切転研足究楽起着店病質待試族銀早映親験英医仕去味写字答夜音注帰古歌買悪図週室歩風紙黒花春赤青館屋色走秋夏習駅洋旅服夕借曜飲肉貸堂鳥飯勉冬昼茶弟牛魚兄犬妹姉漢" +
  "商返配達届確認所番号在庫良交換連絡対応客様願致申訳遅破損傷壊違数量価格購荷箱壱県市区府都道州村郵便払取消無料完了済予定状況調査不具合保証期限内容説明書付属初期設定製造型式番発倉庫佐藤鈴木高橋伊渡辺山本中村小林加吉松井清原岡田長谷村森池前";

/** Two-byte codes of the letters. */
function codes(letters: string, encoding: string): Set<number> {
  const bytes = iconv.encode(letters, encoding);
  const found = new Set<number>();
  for (let at = 0; at + 1 < bytes.length; at += 2) found.add(((bytes[at] as number) << 8) | (bytes[at + 1] as number));
  return found;
}

const chinese = codes(CHINESE, "gb18030");
const chineseSigns = codes("，。、！？：；（）“”《》—…·　【】％～", "gb18030");
const japanese = codes(JAPANESE, "shift_jis");
const japaneseSigns = codes("、。ー　・「」（）！？～：【】", "shift_jis");

const log = Math.log;
const GB = {
  common: log(0.66 / chinese.size),
  sign: log(0.1 / chineseSigns.size),
  first: log(0.2 / 3200),
  second: log(0.01 / 3008),
  width: log(0.01 / 188),
  kana: log(1e-6),
  rest: log(1e-7),
  four: log(1e-9),
};
const JIS = {
  hiragana: log(0.44 / 83),
  katakana: log(0.12 / 86),
  sign: log(0.1 / japaneseSigns.size),
  common: log(0.18 / japanese.size),
  first: log(0.09 / 2600),
  width: log(0.02 / 62),
  otherSign: log(0.003 / 130),
  half: log(0.01 / 63),
  second: log(0.003 / 3390),
  rest: log(1e-7),
};

/** Value of the letter at `at` and its length in bytes. */
type Letter = (lead: number, trail: number, token: Buffer, at: number) => readonly [value: number, length: number];

function gbLetter(lead: number, trail: number, token: Buffer, at: number): readonly [number, number] {
  if (lead === 0x80 || lead === 0xff) return [IMPOSSIBLE, 1];
  if (trail >= 0x30 && trail <= 0x39) {
    const third = token[at + 2] ?? 0;
    const fourth = token[at + 3] ?? 0;
    return third >= 0x81 && fourth >= 0x30 && fourth <= 0x39 ? [GB.four, 4] : [IMPOSSIBLE, 1];
  }
  if (trail < 0x40 || trail === 0x7f || trail === 0xff) return [IMPOSSIBLE, 1];
  const code = (lead << 8) | trail;
  if (chinese.has(code)) return [GB.common, 2];
  if (chineseSigns.has(code)) return [GB.sign, 2];
  if (trail < 0xa1) return [GB.rest, 2];
  if (lead >= 0xb0 && lead <= 0xd7) return [GB.first, 2];
  if (lead >= 0xd8 && lead <= 0xf7) return [GB.second, 2];
  if (lead === 0xa1 || lead === 0xa3) return [GB.width, 2];
  if (lead === 0xa4 || lead === 0xa5) return [GB.kana, 2];
  return [GB.rest, 2];
}

function jisLetter(lead: number, trail: number): readonly [number, number] {
  if (lead >= 0xa1 && lead <= 0xdf) return [JIS.half, 1];
  const isLead = (lead >= 0x81 && lead <= 0x9f) || (lead >= 0xe0 && lead <= 0xfc);
  if (!isLead || trail < 0x40 || trail === 0x7f || trail > 0xfc) return [IMPOSSIBLE, 1];
  const code = (lead << 8) | trail;
  if (lead === 0x82)
    return [trail >= 0x9f && trail <= 0xf1 ? JIS.hiragana : trail >= 0x4f && trail <= 0x9a ? JIS.width : IMPOSSIBLE, 2];
  if (lead === 0x83) return [trail <= 0x96 ? JIS.katakana : JIS.rest, 2];
  if (japaneseSigns.has(code)) return [JIS.sign, 2];
  if (japanese.has(code)) return [JIS.common, 2];
  if (code >= 0x889f && code <= 0x9872) return [JIS.first, 2];
  if (code >= 0x989f && code <= 0xeaa4) return [JIS.second, 2];
  if (lead === 0x81) return [JIS.otherSign, 2];
  // Gaps, and areas that every vendor or user fills in his own way.
  return lead === 0x87 || lead >= 0xfa ? [JIS.rest, 2] : [IMPOSSIBLE, 2];
}

function twoByte(letter: Letter): Model {
  return (token, reading) => {
    let afterHigh = false;
    for (let at = 0; at < token.length;) {
      const lead = token[at] as number;
      if (lead < 0x80) {
        reading.likelihood += ASCII + (afterHigh ? CJK_STEP.toAscii : 0);
        afterHigh = false;
        at += 1;
        continue;
      }
      const [value, length] = letter(lead, token[at + 1] ?? 0, token, at);
      reading.letters += 1;
      if (value < ODD_BELOW) reading.odd += 1;
      const step = afterHigh ? CJK_STEP.afterHigh : at === 0 ? CJK_STEP.atStart : CJK_STEP.afterAscii;
      reading.likelihood += value + step;
      afterHigh = true;
      at += length;
    }
  };
}

/** Any pair of high bytes is as likely as another: EUC-KR, EUC-JP, Big5 and what else is built like GB18030. */
const ANY_PAIR = log(1 / 3755);
/** Any high byte among ASCII letters: the code pages of other places and times. */
const ANY_BYTE = log(1 / 96);

export const otherPairs = twoByte((_, trail) => (trail >= 0xa1 && trail < 0xff ? [ANY_PAIR, 2] : [GB.width, 1]));

export const otherPages: Model = (token, reading) => {
  let isHighBefore = false;
  for (const byte of token) {
    const isHigh = byte >= 0x80;
    const step = isHighBefore ? log(0.3) : WESTERN_STEP.afterAscii;
    reading.likelihood += isHigh ? ANY_BYTE + step : ASCII;
    isHighBefore = isHigh;
  }
};

export const gb18030 = twoByte(gbLetter);
export const shiftJis = twoByte(jisLetter);
