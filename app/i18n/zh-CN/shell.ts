import type { shell as english } from '../en/shell.ts';
import type { TranslationOf } from '../translation.ts';

export const shell: TranslationOf<typeof english> = {
  nav: {
    overview: '概览',
    customers: '客户',
    segments: '客户细分',
    cohorts: '同期群',
    products: '商品',
    predictions: '预测',
    loyalty: '会员积分',
    offers: '优惠',
    texts: '买家看到的文案',
    history: '订单历史',
    dataCheck: '数据核对',
    accounts: '客户账户',
    counting: '订单口径',
    privacy: '客户隐私',
  },
  close: '关闭',
  problem: {
    notFoundTitle: '此页面不存在',
    notFoundText: '页面可能已移动，或者网址输入有误。',
    failedTitle: '无法显示此页面',
    failedText: '我们这边出了问题，您的店铺和数据不受影响。请稍后重试。',
    tryAgain: '重试',
    toOverview: '返回概览',
  },
  landing: {
    title: 'Perennial 在 Shopify 后台中打开',
    text: '请在 Shopify 后台的“应用”中打开它。这里无需登录。',
    openAdmin: '前往 Shopify 后台',
  },
};
