// One spelling for many: letters without their marks, and traditional Chinese characters as simplified ones, so that a rule
// need be written once. Applied to the words of rules and of texts alike.

const LATIN: readonly (readonly [to: string, from: string])[] = [
  ["a", "àáâãäåāăą"],
  ["c", "çćčĉċ"],
  ["d", "ďđð"],
  ["e", "èéêëēĕėęě"],
  ["g", "ğĝġģ"],
  ["i", "ìíîïĩīĭįı"],
  ["l", "łľĺļ"],
  ["n", "ñńňņ"],
  ["o", "òóôõöøōŏő"],
  ["r", "řŕŗ"],
  ["s", "šśşșŝ"],
  ["t", "ťţțŧ"],
  ["u", "ùúûüũūŭůűų"],
  ["w", "ŵ"],
  ["y", "ýÿŷ"],
  ["z", "žźż"],
  ["ss", "ß"],
  ["ae", "æ"],
  ["oe", "œ"],
  ["o", "º"],
  ["a", "ª"],
];

/** Traditional and simplified: the characters that complaints are made of, not all there are. */
const HAN = [
  "沒没 壞坏 還还 貨货 裝装 東东 產产 買买 賣卖 碼码 號号 顏颜 錯错 誤误 訂订 單单 運运 遲迟 遺遗 關关",
  "稅税 費费 換换 錢钱 質质 損损 爛烂 舊旧 髒脏 異异 樣样 圖图 實实 際际 與与 標标 網网 頁页 説说 說说",
  "為为 應应 該该 達达 遞递 遠远 過过 時时 間间 從从 來来 電电 開开 動动 無无 頭头 線线 續续 斷断 幾几",
  "個个 這这 嗎吗 麼么 們们 對对 發发 給给 請请 問问 題题 聯联 繫系 絡络 覆复 復复 處处 價价 騙骗 詐诈",
  "賬账 帳账 戶户 權权 認认 簽签 護护 殼壳 輕轻 緊紧 鬆松 長长 寬宽 闊阔 細细 連连 結结 縫缝 壓压 變变",
  "彎弯 漬渍 盜盗 車车 門门 僅仅 齊齐 數数 總总 內内 較较 邊边 條条 隻只 雙双 張张 塊块 機机 燈灯 閃闪",
  "響响 聲声 鍵键 觸触 遊游 戲戏 歡欢 愛爱 憑凭 據据 圍围 證证 書书 規规 則则 約约 報报 銷销 滿满 儘尽",
  "減减 棄弃 樓楼 鄰邻 櫃柜 錄录 購购 詢询 繳缴 徵征 衝冲 種种 詳详 級级 麗丽 醜丑 顯显 濕湿 熱热 燒烧",
  "鬧闹 鐘钟 錶表 針针 釦扣 鈕钮 鏈链 襯衬 褲裤 襪袜 舖铺 兩两 週周 誰谁 訊讯 跡迹 蹤踪 攔拦 驗验",
  "啟启 殘残 傷伤 髮发 汙污 塵尘 掃扫 臉脸 偽伪 裏里 紅红 藍蓝 綠绿 黃黄 鏡镜 齒齿 鎖锁 筆笔 紙纸 繩绳",
];

const FOLDS = new Map<string, string>();
for (const [to, from] of LATIN) for (const letter of from) FOLDS.set(letter, to);
for (const pair of HAN.flatMap((line) => line.split(" "))) FOLDS.set(pair.charAt(0), pair.charAt(1));

const NEEDS_FOLDING = /[^ -~]/;

/** A lower-case word in its one spelling. */
export function foldWord(word: string): string {
  if (!NEEDS_FOLDING.test(word)) return word;
  let folded = "";
  for (const letter of word) folded += FOLDS.get(letter) ?? letter;
  return folded;
}

/** Letters with separate marks, and letters and kana of full and half width. */
const COMPOSED_OTHERWISE = /[\u0300-\u036f\uff01-\uff9f\u3099\u309a]/;

/** The text in lower case, each letter one character. */
export function plainText(text: string): string {
  return (COMPOSED_OTHERWISE.test(text) ? text.normalize("NFKC") : text).toLowerCase();
}
