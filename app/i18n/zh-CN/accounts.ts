import type { accounts as english } from '../en/accounts.ts';
import type { TranslationOf } from '../translation.ts';

export const accounts: TranslationOf<typeof english> = {
  title: '客户账户',
  lead: '为刚下单的买家提供进入账户的入口。登录后即可查看积分和奖励。',
  save: '保存',
  discard: '放弃',
  saved: '已保存',
  saveFailedTitle: '设置未保存',
  saveFailedText: '我们这边出了点问题，请稍后再保存。',
  step: {
    title: '在感谢页和订单状态页上',
    isEnabled: '提供进入账户的入口',
    legacy: '没有账户的买家可以请求发送邀请。邀请只在买家主动请求时发送一次，使用 Shopify 自带的邮件。',
    new: '买家会看到登录链接。无需邀请：用验证码登录时账户即自动创建。',
    unknown: 'Shopify 尚未告知店铺使用哪种账户，在此之前不会显示任何内容。',
  },
  mode: {
    title: '店铺使用的账户',
    legacy: '旧版客户账户',
    new: '新版客户账户',
    unknown: '尚不清楚',
    follows: '从 Shopify 读取。那边一有更改，这里立即随之调整，正在进行的邀请也一样。',
  },
  reminders: {
    title: '邀请提醒',
    first: '3 天后',
    second: '10 天后',
    help: '仅在账户尚未激活时发送。买家拒绝或退订后即停止。',
  },
  counts: {
    title: '目前的邀请',
    wished: '已请求',
    activated: '已激活',
    open: '进行中',
    empty: '还没有买家请求过邀请。',
  },
};
