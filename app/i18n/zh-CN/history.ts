import type { history as english } from '../en/history.ts';
import type { TranslationOf } from '../translation.ts';

export const history: TranslationOf<typeof english> = {
  title: '订单历史',
  lead: 'Perennial 会从 Shopify 一次性拉取全部历史数据。此后，每笔新订单、退款和修改都会自动同步。',
  resources: {
    orders: '订单',
    customers: '客户',
  },
  kept: {
    orders_other: '{{number}} 笔订单',
    customers_other: '{{number}} 位客户',
  },
  states: {
    requested: '等待开始',
    running: 'Shopify 正在准备文件',
    storing: '正在保存',
    completed: '已完成',
    failed: '失败',
    cancelled: '已停止',
  },
  details: {
    requested: '几秒钟内开始。',
    running: 'Shopify 目前已统计 {{reported}} 条记录。文件准备好后才能知道总数。',
    storing: '已保存 {{stored}} / {{reported}} 条记录',
    completed: '已保存 {{stored}} 条记录',
    cancelled: '在保存 {{stored}} 条记录后停止。已保存的数据会保留。',
    failed: '在保存 {{stored}} 条记录后停止。已保存的数据会保留，不会重复计算。',
  },
  stateAndDetails: '{{state}}：{{details}}',
  recordsHint: '一条记录是一笔订单、订单中的一行商品或一位客户。',
  rejected_other: '{{number}} 条记录无法读取，未计入。',
  reason: '原因：{{reason}}',
  reasons: {
    'access-lost': 'Perennial 已无法访问您的店铺。请从后台重新打开应用。',
    'request-refused': 'Shopify 拒绝了请求。',
    'operation-lost': 'Shopify 已找不到该文件。',
    'file-cut-short': 'Shopify 的文件提前结束。',
    'file-missing': 'Shopify 未生成文件。',
    ACCESS_DENIED: 'Perennial 缺少读取历史数据所需的权限。',
    other: 'Shopify 返回 {{code}}。',
  },
  requestedAt: '请求时间',
  startedAt: '开始时间',
  finishedAt: '完成时间',
  notYet: '尚未',
  inPerennial: 'Perennial 中现有',
  importing: {
    title: '正在导入您的订单历史',
    text: '您可以离开此页面，导入会自动继续。',
    againTitle: '正在重新拉取您的订单历史',
    againText: '您可以离开此页面。拉取期间仍可查看数字，与 Shopify 不同之处会随之更新。',
  },
  stopped: {
    failedTitle: '导入已中断',
    failedText: '部分历史数据缺失。请重新开始：系统会补齐缺失部分，不会重复计算。',
    againText: '当前数字基于之前拉取的数据。请重新开始，使其与 Shopify 一致。',
    cancelledTitle: '您停止了导入',
    cancelledText: '部分历史数据缺失。您可以随时重新开始。',
  },
  cancel: {
    action: '停止导入',
    title: '要停止导入吗？',
    text: '已保存的数据会保留。在拉取完其余数据之前，数字将不完整；您可以在此重新开始。',
    confirm: '停止导入',
    keep: '继续导入',
  },
  restart: {
    action: '重新拉取历史',
    hint: '当数字与 Shopify 不一致时，请重新拉取历史。已有的订单会被核对和更新，不会重复。',
    started: '已开始拉取',
  },
};
