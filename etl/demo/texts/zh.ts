// Chinese phrases.
import type { LanguagePack } from "./language-pack.ts";

export const chinese: LanguagePack = {
  greetings: ["您好，", "你好，", "客服您好，", "亲，你好，"],
  asks: ["请尽快回复。", "我要求换货或者退款。", "请问怎么处理？", "麻烦今天帮我查一下。", "需要的话我可以发照片。"],
  closings: ["谢谢！", "麻烦了。", "等你们回复。", "谢谢你们。"],
  contacts: ["我的电话是{phone}。", "请回复到{email}。", "电话{phone}，邮箱{email}。"],
  faults: {
    earbuds: ["右耳充不进电了", "左耳老是断音", "充电盒合不上"],
    watch: ["电池四个小时就没电了", "屏幕一直黑屏", "表带掉了"],
    dress: ["腋下的线开了", "拉链卡住了", "第一次洗就掉色"],
    sneakers: ["鞋底开胶了", "鞋头开线了", "鞋垫总往外滑"],
    kitchen: ["密封圈漏水", "几秒钟就停机", "有烧焦味"],
    toy: ["有两块裂了", "遥控没反应", "磁铁掉出来了"],
    lamp: ["灯一直闪", "开关发烫", "打不开"],
    bag: ["拉链坏了", "背带断了", "里布破了"],
  },
  topics: {
    late_delivery: {
      subjects: ["订单{order}到哪了？", "包裹还没到", "物流不更新"],
      bodies: [
        "我{days}天前下的单，包裹到现在还没到，物流好几天没动了。",
        "订单{order}在哪里？说好上周到的。",
        "{product}的预计送达日期已经过了，没人告诉我包裹在哪。",
        "物流信息从周一开始就没变过。",
      ],
    },
    never_arrived: {
      subjects: ["订单{order}一直没收到", "包裹丢了？"],
      bodies: [
        "过了{days}天，订单{order}还是没收到，应该是丢件了。",
        "快递说装{product}的包裹找不到了。",
        "什么都没收到，没有通知，邻居也没代收。",
      ],
    },
    quality_defect: {
      subjects: ["{product}坏了", "订单{order}质量问题", "不能用了"],
      bodies: [
        "{product}才用了几天，{fault}。",
        "很失望，{fault}。",
        "头一个星期好好的，后来{fault}，没摔过也没进水。",
        "{product}有问题：{fault}。",
      ],
    },
    size_too_small: {
      subjects: ["尺码偏小", "太小了 {order}"],
      bodies: [
        "我按平时的尺码买的，{product}小太多了。",
        "{product}比尺码表至少小一码。",
        "按尺码表选的，{product}还是太紧。",
      ],
    },
    size_too_large: {
      subjects: ["尺码偏大", "想换小一码"],
      bodies: ["{product}太大了，能换小一码吗？", "尺码偏大，穿着空荡荡的。", "{product}比想象的宽很多。"],
    },
    poor_fit: {
      subjects: ["版型不合适", "不合身"],
      bodies: ["{product}尺码对，但是版型不适合我。", "有的地方紧，有的地方松。", "{product}穿着很怪，我想退货。"],
    },
    not_as_described: {
      subjects: ["与描述不符", "和图片不一样"],
      bodies: ["{product}和你们页面的图片差很多。", "描述里写的功能{product}没有。", "材质和商品页写的不一样。"],
    },
    style_colour: {
      subjects: ["颜色有色差", "款式不喜欢"],
      bodies: ["{product}的颜色比照片深很多。", "{product}实物我不喜欢。", "白天看颜色和选的完全不同。"],
    },
    damaged_in_transit: {
      subjects: ["收到就是破损的", "订单{order}运输损坏"],
      bodies: [
        "箱子压扁了，{product}碎了。",
        "打开包裹，{product}已经碎成几块，几乎没有缓冲。",
        "包裹又湿又瘪，{product}有裂痕。",
      ],
    },
    wrong_item: {
      subjects: ["发错货了", "不是我买的"],
      bodies: [
        "我买的是{product}，收到的是别的东西。",
        "颜色和型号都发错了。",
        "标签写的是{product}，里面是别的产品。",
      ],
    },
    missing_parts: {
      subjects: ["少配件", "漏发"],
      bodies: ["{product}的盒子里没有充电线。", "{product}没有螺丝和说明书。", "数了两遍，{product}少零件。"],
    },
    changed_mind: {
      subjects: ["取消订单/退货", "想退货"],
      bodies: ["{product}不需要了，想退货。", "请取消订单{order}，我下错单了。", "我买到别的了，{product}怎么退？"],
    },
    usage_question: {
      subjects: ["怎么使用？", "关于{product}的问题"],
      bodies: [
        "{product}怎么连手机？列表里找不到。",
        "{product}的说明书太简单了，怎么恢复出厂设置？",
        "{product}第一次要充多久？",
        "{product}能用水洗吗？",
      ],
    },
    customs_tax: {
      subjects: ["要交关税？", "海关要求缴税"],
      bodies: [
        "快递让我为订单{order}交关税，你们页面写的是包税。",
        "送货时让我付进口费，谁来承担？",
        "包裹被海关扣了，要发票，能发给我吗？",
      ],
    },
    unclear_policy: {
      subjects: ["怎么退货？", "退货运费谁出？"],
      bodies: [
        "页面上找不到退货运费谁承担。",
        "到底是14天还是30天？你们政策里两个都写了。",
        "退货寄到哪个地址？页面上有三个。",
      ],
    },
    slow_service: {
      subjects: ["还是没人回复", "第二次联系 {order}"],
      bodies: ["几天前就写信给你们了，没人回。", "这是我第二次留言了，有人看吗？", "从上周等到现在，回复太慢了。"],
    },
    other: {
      subjects: ["咨询", "订单{order}的发票", "修改地址"],
      bodies: ["能开公司抬头的发票吗？", "我搬家了，{order}的地址还能改吗？", "优惠码结账时用不了。"],
    },
  },
  comments: {
    quality_defect: ["用了一周，{fault}", "质量问题：{fault}", "质量差，{fault}"],
    size_too_small: ["尺码偏小", "太紧了", "尺码表不准，偏小"],
    size_too_large: ["太大", "尺码偏大很多"],
    poor_fit: ["版型不好", "肩膀不合适"],
    not_as_described: ["和图片不符", "说防水，其实不防"],
    style_colour: ["有色差", "看着廉价"],
    damaged_in_transit: ["箱子压坏，东西碎了", "玻璃碎了，没有缓冲", "收到就是坏的"],
    wrong_item: ["型号发错", "颜色发错"],
    missing_parts: ["少充电线", "没有螺丝"],
    changed_mind: ["不需要了", "拍错了", "别处更便宜"],
    late_delivery: ["错过生日了", "晚了两周"],
  },
  good: ["回复很快，态度好！", "一次就解决了。", "很有帮助", "客服很耐心"],
  bad: ["太慢了。", "都是复制粘贴的回复。", "还没解决", "问了三次才有人理"],
};
