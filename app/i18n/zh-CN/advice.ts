import type { advice as english } from '../en/advice.ts';
import type { TranslationOf } from '../translation.ts';

export const advice: TranslationOf<typeof english> = {
  title: '本周要做的事',
  text: '依据您店铺自己的历史。金额是这类客户以往带来的，并非承诺。',
  none: '本周没有特别需要处理的事。店铺积累约五十笔第二单后，这里会开始给出建议。',
  showCustomers: '查看这些客户',
  showCohorts: '在同期群中对比',
  showProducts: '在商品中查看',
  showOffers: '前往优惠设置',
  secondOrder: {
    title_other: '{{number}} 位首购客户正处于其他人复购的时段',
    text: '他们的首单在 {{from}} 至 {{to}} 天前。此前等到同样久的 {{earlier}} 位买家中，有 {{share}} 在第 {{to}} 天前再次下单。现在给他们一个理由：下次可用的折扣码，或与所购商品相配的推荐。',
    stake: '这类买家通常带来约 {{money}}。',
  },
  lateRegulars: {
    title_other: '{{number}} 位常客迟迟未下单',
    text: '他们下过三单或以上，已有 {{since}} 至 {{until}} 天没有下单，超过了您四分之三的客户两单之间的间隔。此前 {{earlier}} 次类似情况中，有 {{share}} 在第 {{until}} 天前再次下单。请单独联系他们。',
    stake: '他们在最近 365 天消费了 {{money}}。',
  },
  lostBest: {
    title_other: '{{number}} 位曾经最好的客户沉默最久',
    text: '他们曾经买得多、买得勤，如今是间隔最久的一批。一次有力的召回优惠，在他们身上成本很低。',
    stake: '每人再下一笔平常的订单，共 {{money}}。',
  },
  newestCohortLess: {
    title: '{{month}}的首购客户复购变少',
    text: '{{size}} 人中有 {{rate}} 在 {{days}} 天内再次下单，此前十二个月为 {{before}}，差异超出偶然。请查看他们来自哪个国家/地区、渠道或折扣。',
    stake: '差额约 {{money}}。',
  },
  newestCohortMore: {
    title: '{{month}}的首购客户复购变多',
    text: '{{size}} 人中有 {{rate}} 在 {{days}} 天内再次下单，此前十二个月为 {{before}}，差异超出偶然。找出当时有何不同，再做一次。',
    stake: '差额约 {{money}}。',
  },
  switchOnOffer: {
    title_other: '{{number}} 位首购客户没有看到下次可用的折扣码',
    text: '他们在最近 {{days}} 天内首次下单，而下单后折扣码处于关闭状态。开启后，感谢页会为每位买家显示专属折扣码。',
  },
  refill: {
    title_other: '{{number}} 位客户该再次购买{{product}}了',
    text: '他们上次购买是在 {{from}} 至 {{to}} 天前，正是客户通常再次购买的时候。此前 {{earlier}} 次等到同样久的情况中，有 {{share}} 在第 {{to}} 天前再次购买。此时提醒是帮助，而非打扰。',
    stake: '这类订单通常合计约 {{money}}。',
  },
  firstProduct: {
    title: '首单购买{{product}}的客户更常复购',
    text: '{{number}} 人中有 {{rate}} 在 {{days}} 天内再次下单，全店为 {{before}}。可以把它推荐给还不认识您的人。',
    stake: '至今平均每月的差额约 {{money}}。',
  },
};
