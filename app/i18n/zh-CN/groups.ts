import type { groups as english } from '../en/groups.ts';
import type { TranslationOf } from '../translation.ts';

export const groups: TranslationOf<typeof english> = {
  title: '客户分组',
  text: '根据最近一次购买、购买次数和消费金额，与您的其他客户相比较。',
  caption: '各组客户的数量、占比和建议',
  group: '分组',
  customers: '客户数',
  meaning: '特征',
  advice: '可以做什么',
  shopify: {
    agrees_other: '{{number}} 位客户中，{{share}} 与 Shopify 的分组一致。',
    show: '对比分组',
    axes: 'Perennial 的分组（各列为 Shopify 的分组）',
    why: 'Shopify 未公布其分组界限，因此有些客户在 Shopify 中属于相邻的组。仅比较已下单的客户。',
    none: 'Shopify 尚未提供您客户的分组。',
    otherDay: 'Shopify 的分组是当前的，因此仅在当天进行比较。',
  },
  explained: '{{words}}公式：{{formula}}。',
  /** Of the report too. */
  scores: {
    share: '占比',
    breaks: '评分界限',
    breaksCaption: '每高于一个界限，评分加一；距上次下单的天数则减一',
    breakName: '界限',
    recency: '距上次下单的天数',
    frequency: '订单数',
    money: '收入',
    term: 'RFM 评分',
    words: '每位客户的最近购买、购买次数和收入，与本店全部客户的五等分相比，评为 1 至 5 分。按 R 以及另外两项的平均值 FM 分组。',
    formula: '评分 = 1 + 严格低于该值的界限数，最近购买为 5 − 该数；FM =（F + M）÷ 2',
  },
  ties: '占比仅针对已下单的客户。数值相同的客户归在一起，因此各组大小不一，也可能为空。',
  CHAMPIONS: {
    name: '最佳客户',
    meaning: '最近买过，次数多、金额高。',
    advice: '提供优先购买权，邀请评价。无需折扣。',
  },
  LOYAL: {
    name: '忠诚客户',
    meaning: '次数多或金额高，距上次购买有一段时间。',
    advice: '介绍上次购买后的新品。',
  },
  ACTIVE: {
    name: '活跃客户',
    meaning: '最近买过，次数和金额中等。',
    advice: '推荐与已购商品搭配的商品。',
  },
  NEW: {
    name: '新客户',
    meaning: '刚刚买过，次数少或金额小。',
    advice: '先帮助他们用好商品，再送下次购物优惠码。',
  },
  PROMISING: {
    name: '潜力客户',
    meaning: '不久前买过，次数少或金额小。',
    advice: '发放有截止日期的下次购物优惠码。',
  },
  NEEDS_ATTENTION: {
    name: '需要关注',
    meaning: '距上次购买有一段时间，此前表现中等。',
    advice: '在需要补货或换季时提醒他们。',
  },
  AT_RISK: {
    name: '有流失风险',
    meaning: '曾是优质客户，很久没有购买。',
    advice: '单独联系，询问不满意之处。',
  },
  PREVIOUSLY_LOYAL: {
    name: '曾经忠诚',
    meaning: '曾是最佳客户之一，最久没有购买。',
    advice: '给出一次有分量的回归优惠。',
  },
  ALMOST_LOST: {
    name: '即将流失',
    meaning: '次数少，很久没有购买。',
    advice: '低成本提醒一次。',
  },
  DORMANT: {
    name: '沉睡客户',
    meaning: '次数少，最久没有购买。',
    advice: '不再打扰，或询问一次是否仍愿收到邮件。',
  },
  PROSPECTS: {
    name: '潜在客户',
    meaning: '已有客户资料，尚未下单。',
    advice: '展示其他人首次购买的商品。',
  },
};
