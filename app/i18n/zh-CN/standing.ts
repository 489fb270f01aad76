import type { standing as english } from '../en/standing.ts';
import type { TranslationOf } from '../translation.ts';

export const standing: TranslationOf<typeof english> = {
  title: '您的店铺处在什么位置',
  text: '卖家具不同于卖咖啡，最初的一百位客户也不同于十万位：对一家店有用的做法，放到另一家店可能是白费。',
  stages: { starting: '起步', gaining: '渐有起色', steady: '稳定', established: '成熟', scale: '规模化' },
  stageTexts: {
    starting: '今年的销售几乎都会来自还不认识您的人。先把首单体验做好，问问他们因何而来，积分和等级以后再说。',
    gaining: '客户开始来了，但还不会自己回来。现在有一件能自动运行的事就够了：给第二单一个理由，例如感谢页上的折扣码。',
    steady: '买过的人现在和没买过的人同样值得关注。对首购客户、常客和迟迟未下单的人，要说不同的话。',
    established: '明年的销售很大一部分会来自现有客户。按分组了解最好的客户，挽回正在离开的人，并以第二单来评判活动。',
    scale: '到了这个规模，习惯上的小变化比一次活动更值钱。先对一部分客户尝试、另一部分不变，再给每个分组各自的回来理由。',
  },
  places: { largeOften: '金额大、次数多', largeSeldom: '金额大、次数少', smallOften: '金额小、次数多', smallSeldom: '金额小、次数少' },
  placeTexts: {
    largeOften: '订单金额大，客户也会回来：少数人撑起店铺的很大一部分。请亲自服务他们，奖励身份胜过奖励价格：优先购买、会员等级、可以联系的专人。',
    largeSeldom: '订单金额大、次数少，如同家具：几乎没有什么能让人一年内买两次。售后关怀、配套商品和口碑推荐，比折扣更有用。',
    smallOften: '订单金额小、次数多，如同咖啡：您卖的是习惯。在快用完时提醒，让再次下单一点即成，每单给一点好处，胜过一次给很多。',
    smallSeldom: '订单金额小、次数少：每单先要装得更多，复购才划算。先从单笔订单入手，例如套装或满额包邮，再争取第二单。',
  },
  halfTexts: {
    large: '您的订单金额大：买家会仔细考虑，解答和关怀比折扣更有用。',
    small: '您的订单金额小：先看看单笔订单能装些什么，例如套装或满额包邮。',
    often: '客户比多数店铺更常回来：在合适的时候提醒，比折扣更合适。',
    seldom: '一年内回来的客户不多，多数店铺都是如此：第二单是提升空间最大的地方。',
  },
  near: '离分界线很近，归入旁边一格也说得通。',
  onePoint: '最近 365 天的 {{customers}} 位客户中，若每一百位有一位再下一单，约为 {{money}}。',
  missing: {
    fewOrders: '365 天内满 {{least}} 笔订单后，才会说明订单金额大小。目前为 {{orders}} 笔。',
    noAnchor: '暂不说明订单金额大小：{{currency}} 没有分界线。',
    comingBackOn: '客户多久回来一次，要到 {{date}} 才会说明，届时有 {{least}} 位客户满一年。',
    comingBack: '第 {{least}} 位客户首购满一年后，才会说明客户多久回来一次。',
  },
  picture: '按订单金额大小和复购多少，您的店铺所在的位置：{{place}}',
  customersOf: '{{place}}：查看这样购买的客户',
  pictureUnknown: '尚不清楚',
  table: {
    caption: '依据',
    measure: '指标',
    yours: '您的店铺',
    line: '分界线',
    customers: '客户数',
    orders: '最近 365 天的订单数',
    stageLine: '满 {{number}} 进入下一阶段',
    topStage: '已是最后阶段',
    orderValue: '最近 365 天的平均订单金额',
    comingBack: '首单后 365 天内再次下单',
    none: '–',
  },
  why: '阶段取客户数与一年订单数两者中较低的一个，分级 {{steps}} 由我们自定。金额大小以 Shopify 店铺的平均订单金额约 85 美元为界（Red Stag Fulfillment，2024），按您的货币取整。次数多少以 32% 为界，即 1,800 万客户中一年内再次购买的比例（RJMetrics，2015）。这些线只为看清位置，不是评分。点击方格可查看自身符合的客户：按其平均每单消费额划分，有第二单即算常购。',
};
