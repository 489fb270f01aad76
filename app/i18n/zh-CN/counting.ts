import type { counting as english } from '../en/counting.ts';
import type { TranslationOf } from '../translation.ts';

export const counting: TranslationOf<typeof english> = {
  title: '订单统计口径',
  lead: '一处设置，用于 Perennial 的所有指标、列表和细分，包括过去的订单。Shopify 中的数据不受影响，您可以随时改回。',
  save: '保存',
  discard: '放弃更改',
  saved: '订单已按此口径统计',
  saveFailedTitle: '您的选择尚未保存',
  saveFailedText: '我们这边出了问题，请稍后再次保存。',
  preset: {
    title: '哪些订单算购买',
    never: '始终不算：测试订单、已删除和已取消的订单，以及付款状态未知的订单。',
    perennial: '按 Perennial 的口径',
    perennialHelp: '全额退款的订单不算购买：全部退货的人并没有买。',
    asShopifyCounts: '按 Shopify 的口径',
    asShopifyCountsHelp: '全额退款的订单也算购买。需要与 Shopify 自带的报告对照时选择此项。',
  },
  value: {
    title: '订单金额怎么算',
    goods: '商品金额，扣除退款',
    goodsBeforeRefunds: '商品金额，不扣退款',
    total: '含税费和运费，扣除退款',
    totalBeforeRefunds: '含税费和运费，不扣退款',
    tips: '小费始终不计入。收入、平均订单金额、客户价值、消费额和预测价值均以此为准。',
  },
  examples: {
    title: '以三笔订单为例',
    text: '商品 {{goods}}，另加税费 {{tax}}、运费 {{shipping}}。',
    caption: '按所选口径统计的三笔订单',
    order: '订单',
    worth: '金额',
    kept: '没有退货',
    partly: '退回 {{goods}} 的商品',
    whole: '全部退回',
    noPurchase: '不算购买',
  },
};
