import type { metrics as english } from '../en/metrics.ts';
import type { TranslationOf } from '../translation.ts';

export const metrics: TranslationOf<typeof english> = {
  heading: '最近 365 天',
  window: '{{from}} 至 {{to}}',
  allTime: '累计：{{value}}',
  none: '–',
  noneMeaning: '未知：没有可作分母的数据',
  explain: '计算方法：{{metric}}',
  repeatPurchaseRate: {
    label: '复购率',
    words: '在此期间购买过的客户中，购买两次或以上的客户所占比例。',
    symbols: '复购客户数 ÷ 客户数',
    filled: '{{repeatCustomers}} ÷ {{customers}} = {{value}}',
  },
  purchaseFrequency: {
    label: '购买频次',
    words: '此期间每位客户的订单数。未关联客户的订单不计入。',
    symbols: '客户订单数 ÷ 客户数',
    filled: '{{customerOrders}} ÷ {{customers}} = {{value}}',
  },
  averageOrderValue: {
    label: '平均订单金额',
    words: '此期间每笔订单的收入，包括未关联客户的订单。收入已扣除折扣和退款，不含税费、运费和小费。',
    symbols: '收入 ÷ 订单数',
    filled: '{{revenue}} ÷ {{orders}} = {{value}}',
  },
  customerValue: {
    label: '客户价值',
    words: '一位客户在此期间的消费：购买频次乘以平均订单金额。',
    symbols: '购买频次 × 平均订单金额',
    filled: '{{frequency}} × {{aov}} = {{value}}',
  },
  customers: {
    label: '客户数',
    words: '此期间至少下过一笔订单的不同客户。',
    symbols: '有订单的客户数',
    filled: '{{value}}，其中 {{repeatCustomers}} 位购买两次或以上',
  },
  facts: {
    window: '时间范围',
    timeZone: '时区',
    asOf: '截至',
    leftOut: '未计入（累计）',
    guests: '时间范围内未关联客户的订单',
    nothing: '无',
  },
  basis: '截至 {{asOf}} 的全部订单，时区 {{timeZone}}。未计入：{{leftOut}}。',
  excluded: {
    guests: '{{number}} 笔未关联客户',
    test: '{{number}} 笔测试订单',
    deleted: '{{number}} 笔已删除',
    cancelled: '{{number}} 笔已取消',
    refunded: '{{number}} 笔全额退款',
    unknownState: '{{number}} 笔付款状态未知',
    otherCurrency: '{{number}} 笔使用其他货币',
    afterAsOf: '{{number}} 笔在该日之后',
  },
  separator: '、',
};
