import type { loyaltyTraces as english } from '../en/loyalty-traces.ts';
import type { TranslationOf } from '../translation.ts';

export const loyaltyTraces: TranslationOf<typeof english> = {
  title: '在 Shopify 中',
  metafields: '客户的元字段中写有积分、待生效积分、等级、成为会员的日期以及等级到期日。您的模板和客户账户可以读取。',
  flow: 'Shopify Flow 中有触发器“Points earned”“Reward redeemed”和“Loyalty tier changed”，以及操作“Add loyalty points”。',
  notBegun: '尚未写入任何内容。有了第一位会员后开始。',
  members_other: '已写入 {{number}} 位客户。',
  waiting_other: '{{number}} 位客户即将更新。',
  leftOut_other: '{{number}} 位客户被略过：已在 Shopify 中删除，或被 Shopify 拒绝。',
  told_other: '最近 {{days}} 天内已通知 Flow {{number}} 个事件。',
  waitingEvents_other: '{{number}} 个事件即将通知。',
  problem: {
    unavailable: '{{instant}} 无法连接 Shopify。将自动重试。',
    access: '{{instant}} Shopify 拒绝访问。每小时自动重试一次。',
    scope: 'Shopify 表示 Perennial 无权修改客户（{{instant}}）。请重新打开 Perennial 并接受其权限。',
    refused: '{{instant}} Shopify 拒绝了元字段或标签。每一刻钟自动重试一次。',
  },
  tag: {
    label: '为会员添加等级标签',
    help: '每位会员一个标签，例如“Tier: Gold”，其他应用也能读取。关闭后会移除这些标签。若等级设有自己的客户标签，则始终使用该标签。',
    on: '会员将被添加标签',
    off: '标签将被移除',
    failed: '无法保存',
  },
};
