import type { advice as english } from '../en/advice.ts';
import type { TranslationOf } from '../translation.ts';

export const advice: TranslationOf<typeof english> = {
  title: '本周要做的事',
  text: '依据您店铺自己的历史，按涉及金额从高到低排列。金额是这类客户本来就会带来的，并非承诺。',
  none: {
    secondOrders: '目前了解得还太少。有 {{needed}} 位客户下过第二单后，这里会开始给出建议；目前为 {{number}} 位。',
    waits: '目前了解得还太少。有 {{needed}} 位 {{from}} 天后仍未复购的客户满 {{days}} 天后，这里会开始给出建议；目前为 {{number}} 位。',
    paceAbout: '按最近三个月的速度，约在 {{date}} 达到。',
    paceFar: '按最近三个月的速度，还需两年以上。',
    due: '本周没有需要处理的事：从店铺以往情况看，没有成批到期或迟迟未下单的客户。',
    dueThen: '那一周没有需要处理的事：从店铺以往情况看，没有成批到期或迟迟未下单的客户。',
    again: '有新订单时会重新查看，最迟明天。',
  },
  showCustomers: '查看这些客户',
  showCohorts: '在同期群中对比',
  showProducts: '在商品中查看',
  showOffers: '前往优惠设置',
  stake: {
    usual: '涉及金额：{{number}} 位 × {{days}} 天内下单的可能性 {{chance}} × 每单 {{order}} = 约 {{money}}。',
    difference: '涉及金额：{{number}} 位 × 差异 {{chance}} × 第二单 {{order}} = 约 {{money}}。',
    differenceAMonth: '涉及金额：每月 {{number}} 位此类买家 × 差异 {{chance}} × 第二单 {{order}} = 约 {{money}}。',
  },
  secondOrder: {
    title_other: '{{number}} 位首购客户正处于其他人复购的时段',
    text: '他们的首单在 {{from}} 至 {{to}} 天前。此前等到同样久的买家（每个天数至少 {{earlier}} 例）中，有 {{share}} 在其后 {{days}} 天内再次下单。现在给他们一个理由：下次可用的折扣码，或与所购商品相配的推荐。',
  },
  lateRegulars: {
    title_other: '{{number}} 位常客迟迟未下单',
    text: '他们下过三单或以上，已有 {{since}} 至 {{until}} 天没有下单，即“有风险”状态。此前沉默同样久的常客（每个天数至少 {{earlier}} 例）中，有 {{share}} 在其后 {{days}} 天内再次下单。请单独联系他们。',
  },
  lostBest: {
    title_other: '{{number}} 位曾经最好的客户已沉默很久',
    text: '他们曾经买得多、买得勤，如今属于沉默最久的五分之一客户。此前沉默同样久的复购客户（每个天数至少 {{earlier}} 例）中，有 {{share}} 在其后 {{days}} 天内再次下单。一次有力的召回优惠，在他们身上成本很低。',
  },
  newestCohortLess: {
    title: '{{month}}的首购客户复购变少',
    text: '{{size}} 人中有 {{rate}} 在 {{days}} 天内再次下单，此前十二个月为 {{before}}，差异超出偶然。请查看他们来自哪个国家/地区、渠道或折扣。',
  },
  newestCohortMore: {
    title: '{{month}}的首购客户复购变多',
    text: '{{size}} 人中有 {{rate}} 在 {{days}} 天内再次下单，此前十二个月为 {{before}}，差异超出偶然。找出当时有何不同，再做一次。',
  },
  switchOnOffer: {
    title_other: '{{number}} 位首购客户没有看到下次可用的折扣码',
    text: '他们在最近 {{days}} 天内首次下单，而下单后折扣码处于关闭状态。开启后，感谢页会为每位买家显示专属折扣码。',
  },
  refill: {
    title_other: '{{number}} 位客户该再次购买{{product}}了',
    text: '他们上次购买是在 {{from}} 至 {{to}} 天前，正是客户通常再次购买的时候。此前同样久未购买的情况（每个天数至少 {{earlier}} 例）中，有 {{share}} 在其后 {{days}} 天内再次购买。此时提醒是帮助，而非打扰。',
  },
  firstProduct: {
    title: '首单购买{{product}}的客户更常复购',
    text: '{{number}} 人中有 {{rate}} 在 {{days}} 天内再次下单，全店为 {{before}}。可以把它推荐给还不认识您的人。',
  },
};
