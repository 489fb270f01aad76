import type { loyaltyGifts as english } from '../en/loyalty-gifts.ts';
import type { TranslationOf } from '../translation.ts';

export const loyaltyGifts: TranslationOf<typeof english> = {
  title: '为细分发放积分',
  lead: '发放给 Shopify 某个细分中所有客户的积分。',
  how: '要发放积分，请在 Shopify 的“客户”中打开一个细分，选择“使用细分”，再选择“为其中所有人发放积分”。',
  empty: { title: '尚未为任何细分发放积分' },
  each_other: '每人 {{number}} 积分，原因：“{{reason}}”，{{who}}',
  states: { giving: '发放中', completed: '已发放', stopped: '已停止', failed: '未完成' },
  progress: '已处理 {{expected}} 位客户中的 {{seen}} 位',
  asked: '{{instant}} 提出。',
  given_other: '已向 {{number}} 位会员发放 {{points}}。',
  excluded_other: '{{number}} 位已被排除在积分计划之外，未获得积分。',
  unknown_other: '{{number}} 位 Perennial 尚不知道，或已要求删除其资料。',
  waits: 'Shopify 暂时没有响应，稍后会自动继续。',
  failures: {
    'no-segment': '该细分在 Shopify 中已不存在。',
    'not-running': '积分计划在此期间已关闭或结束。',
    'too-many': '该细分的客户数超过一次可发放的上限。',
    'scope': 'Shopify 不允许此应用读取该细分。请在 Shopify 的应用设置中授予客户访问权限。',
    'access': 'Shopify 目前不允许此应用访问。',
    'refused': 'Shopify 拒绝列出该细分。',
    'other': '出现了问题。',
  },
  actions: { stop: '停止', goOn: '继续', failed: '操作没有成功，请重新载入页面。' },
  stopLabel: '停止为“{{segment}}”发放积分',
  goOnLabel: '继续为“{{segment}}”发放积分',
  goOnText: '已获得这些积分的人不会重复获得。',
};
