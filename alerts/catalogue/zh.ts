// Chinese words of the mail.
import type { Catalogue, StartWith, WatchUnit } from "./catalogue.ts";

const REASONS: Readonly<Record<string, string>> = {
  quality_defect: "质量缺陷",
  size_too_small: "尺码偏小",
  size_too_large: "尺码偏大",
  poor_fit: "不合身",
  not_as_described: "与描述不符",
  damaged_in_transit: "运输损坏",
  damaged_by_warehouse: "仓库损坏",
  late_delivery: "配送延误",
  never_arrived: "未收到货",
  undeliverable: "无法投递",
  wrong_item: "发错商品",
  missing_parts: "缺少配件",
  extra_item: "多发商品",
  style_colour: "款式或颜色不合适",
  changed_mind: "买家改变主意",
  unauthorized: "未经授权的购买",
  customs_tax: "关税问题",
  slow_service: "客服响应慢",
  unclear_policy: "政策不清楚",
  usage_question: "使用疑问",
  return_request: "要求退换货",
  no_reason: "未填写原因",
  other: "其他原因",
  unmapped: "尚未归类的原因",
  all: "全部原因",
};

const ACTIONS: Readonly<Record<string, string>> = {
  quality_defect: "暂停销售该商品，抽检现有库存；确认缺陷后向供应商索赔。",
  size_too_small: "用实物核对尺码表，修正后提示买家该款偏小。",
  size_too_large: "用实物核对尺码表，修正后提示买家该款偏大。",
  poor_fit: "用实物核对尺码表，在商品页补充版型说明和实测尺寸。",
  not_as_described: "用实物对照商品页，更正图片、标题和属性。",
  damaged_in_transit: "对包装做跌落测试，并就受损包裹向承运商索赔。",
  damaged_by_warehouse: "向仓库索取操作记录，检查存放和打包方式。",
  late_delivery: "向承运商询问延误原因，放宽承诺时效，并主动联系等待中的买家。",
  never_arrived: "请承运商追查相关包裹，在纠纷发生前补发或退款。",
  undeliverable: "向承运商询问退回原因，并检查下单时的地址校验。",
  wrong_item: "核对该商品在仓库的条码和货位，并重新盘点。",
  missing_parts: "拆几件商品对照配件清单，把缺少的配件告知供应商。",
  extra_item: "检查仓库拣货打包环节，以及商品页的包装数量。",
  style_colour: "用实物对照商品图的颜色，更正图片。",
  changed_mind: "查看是否有促销吸引了不合适的买家，并从评论中找出真实原因。",
  unauthorized: "退款前先核查这些订单是否存在盗号或盗刷。",
  customs_tax: "核对申报价值和 HS 编码，并在商品页写明关税。",
  slow_service: "今天就安排人处理该商品的未回复会话，并检查各时区的排班。",
  unclear_policy: "把该商品的退货和保修条款写清楚。",
  usage_question: "把答案写进商品页和包装内的说明书。",
};

const DEFAULT_ACTION = "阅读相关评论和个案，找出真实原因。";
const SLICE = { market: "市场", carrier: "承运商", lot: "批次", variant: "规格" } as const;
const SEVERITY = { high: "高", medium: "中", low: "低" } as const;
const PER_DAY: Readonly<Record<WatchUnit, string>> = {
  returns: "每日退货件数",
  tickets: "每日工单数",
  cases: "每日个案数",
};
const MEASURE_WORD: Readonly<Record<WatchUnit, string>> = { returns: "件", tickets: "张", cases: "例" };

const label = (reason: string) => REASONS[reason] ?? reason;

function startSentence(start: StartWith): string {
  return start ? `先从${SLICE[start.slice]}“${start.value}”查起。` : "";
}

export const zh: Catalogue = {
  language: "zh",
  locale: "zh-CN",
  severity: SEVERITY,
  slice: SLICE,
  word: {
    observed: "实际",
    expected: "预期",
    ratio: "平常的倍数",
    excess: "比平常多",
    cost: "多出部分的成本",
    costUnknown: "未知",
    peakDay: "最高的一天",
    daysAbove: "超出正常范围的天数",
    finding: "异常",
    observedBars: "实际",
    alarmBars: "实际（报警）",
    expectedLine: "预期",
    band: "正常范围（95%）",
    concentration: "集中在哪里",
    quotes: "买家原话",
    action: "建议措施",
    openFinding: "查看此异常",
    openAftersight: "打开 Aftersight",
    allClearHeadline: "没有未结束的异常",
    allClearSubject: "Aftersight：没有未结束的异常",
    lateTitle: "数据已滞后",
    lateSubjectPrefix: "【数据滞后】",
    chartFailed: "图表未能绘制，其全部数字都在文字中。",
    chartNoDays: "没有图表：数据中没有此异常的逐日记录。",
    qValue: "误报率（q 值）",
    sku: "SKU",
    since: "始于",
  },
  reasonLabel: label,
  sentence: ({ unit, reason, observed, expected, excess, ratio, since, until }) => {
    const m = MEASURE_WORD[unit];
    const time = until === null ? `自${since}以来` : since === until ? since : `${since}至${until}`;
    const what =
      unit === "returns"
        ? reason === "all"
          ? `有 ${observed} 件退货`
          : `有 ${observed} 件因“${label(reason)}”退货`
        : `出现 ${observed} ${m}${reason === "all" ? "" : `“${label(reason)}”`}${unit === "tickets" ? "工单" : "个案"}`;
    return `${time}${what}，预期 ${expected} ${m}：${ratio ? `是平常的 ${ratio.replace("×", " 倍")}，` : ""}多出 ${excess} ${m}。`;
  },
  certainty: (oneIn) =>
    oneIn === null
      ? "把握：可能只是偶然，请先观察再行动。"
      : `把握：每 ${oneIn.toLocaleString("zh-CN")} 项这类异常中，出于偶然的不到 1 项。`,
  costNote: () => "多出件数 × 平均退款",
  timing: (lastAlarm, days) => `已持续 ${days} 天，最近一次报警：${lastAlarm}。`,
  peakValue: (day, observed) => `${day}：${observed}`,
  usualRange: (lower, upper) => `正常范围 ${lower}–${upper}`,
  daysAboveValue: (above, total) => `${total} 天中 ${above} 天`,
  share: (units, total) => `${total} 件中的 ${units} 件`,
  deliveredShare: (share, inProportion) => `占送达件数的 ${share}${inProportion ? "，属正常比例" : ""}`,
  action: (reason, start) => (ACTIONS[reason] ?? DEFAULT_ACTION) + startSentence(start),
  subject: (severity, { product, reason, ratio }, others) => {
    const more = others > 0 ? `（另有 ${others} 项异常）` : "";
    return `【${SEVERITY[severity]}】${product}：${label(reason)}${ratio ? `为平常的 ${ratio.replace("×", " 倍")}` : "高于平常"}${more}`;
  },
  headline: (count) => `${count} 项未结束的异常`,
  countsBySeverity: (counts) =>
    (["high", "medium", "low"] as const)
      .filter((severity) => counts[severity] > 0)
      .map((severity) => `${SEVERITY[severity]} ${counts[severity]} 项`)
      .join("，"),
  completeTo: (time, zone) => `数据完整至 ${time}（${zone}）`,
  completeUnknown: () => "数据完整到何时未知",
  late: (time, zone, maxAgeHours) =>
    time === null
      ? "没有任何来源说明数据完整到何时，本邮件可能缺少较新的问题。请检查收件目录中的导出文件。"
      : `数据截止于 ${time}（${zone}），距本邮件已超过 ${maxAgeHours} 小时。较新的问题尚未包含，已列出的异常也可能已经结束。请检查收件目录中的导出文件。`,
  belowSeverity: (count, severity) => `另有 ${count} 项严重程度低于“${SEVERITY[severity]}”的异常未列出。`,
  demo: () => "这是演示数据，并非您店铺的数据。",
  restTitle: (count) => `其余 ${count} 项异常`,
  restMore: (count) => `……另有 ${count} 项，请在 Aftersight 中查看。`,
  allClearSummary: () => "您的售后数据均在正常范围之内。",
  chartAlt: ({ unit, from, to, sentence, peak }) =>
    `图表：${PER_DAY[unit]}，${from} 至 ${to}。${sentence}${peak ? `最高的一天：${peak}。` : ""}`,
  chartCaption: (unit, from, to) => `${PER_DAY[unit]}，${from} – ${to}`,
  why: (seller) => `您收到此邮件，是因为您的地址在${seller ? `“${seller}”的 ` : " "}Aftersight 提醒名单中。`,
  versionLine: (version) => `数据版本 ${version}`,
};
