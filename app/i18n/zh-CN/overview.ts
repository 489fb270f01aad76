import type { overview as english } from '../en/overview.ts';
import type { TranslationOf } from '../translation.ts';

export const overview: TranslationOf<typeof english> = {
  title: '概览',
  freshness: '订单截至 {{lastOrder}}，{{ago}}更新。',
  freshnessOnly: '{{ago}}更新。',
  freshnessUnknown: '订单截至 {{lastOrder}}。',
  asOf: {
    label: '截至',
    past: '数据截至 {{asOf}}，而非今天。',
    showToday: '显示今天',
  },
  cut: {
    whose: '哪些客户的指标',
    part: '下方所有指标仅针对这部分客户，如同他们是一家独立的店铺。本周建议针对全部客户给出。',
    nobodyTitle: '这部分没有客户',
    nobody: '没有客户的首单符合条件。请选择其他范围或更晚的日期。',
  },
  limitedHistory: {
    title: 'Shopify 仅允许 Perennial 读取最近 {{days}} 天的订单',
    text: '更早的订单未计入本页的任何指标，因此回头客可能显示为新客户，同期群也较短。Perennial 需要读取全部订单的权限。',
  },
  noOrders: {
    title: '尚无订单',
    text: '您的店铺还没有 Perennial 可读取的订单。第一笔订单产生后一分钟内，指标会自动显示在这里。',
  },
  noneCounted: {
    title: '尚无计入的订单',
    text_other: 'Perennial 找到 {{number}} 笔订单，但没有一笔算作购买：{{reasons}}。',
  },
  noCustomers: {
    title: '目前只有访客订单',
    text_other: '有 {{number}} 笔订单计入，但下单时均未关联客户，因此无法得知谁再次购买。',
  },
  little: {
    text_other: '这些指标基于 {{number}} 位客户，再多几位就可能有明显变化。',
  },
  setup: {
    title: '设置下次购物优惠码',
    text: '在感谢页向买家展示下次购物优惠码。两步都完成之前不会显示任何内容。',
    blockTitle: '将区块放到感谢页',
    blockText: '打开感谢页的结账编辑器，在其中添加 Perennial 的“下次购物优惠码”区块并保存。',
    blockAction: '打开编辑器',
    blockPlaced: '已放置',
    blockMissing: '未放置',
    blockAsked: '正在检查',
    blockUnknown: '未知',
    offerTitle: '选择优惠',
    offerText: '优惠幅度、有效天数、最低消费以及发放对象。',
    offerAction: '前往优惠',
    dismiss: '隐藏此指南',
  },
};
