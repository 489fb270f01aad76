import type { cohorts as english } from '../en/cohorts.ts';
import type { TranslationOf } from '../translation.ts';

export const cohorts: TranslationOf<typeof english> = {
  title: '各月客户的复购情况',
  text: '每一行是在该月首次下单的客户。第 1 列是其后的第一个自然月：他们当中有多少人在该月再次下单。',
  caption: '月度同期群：按首单后的月数统计再次下单的客户',
  cohort: '首单月份',
  size: '客户数',
  average: '平均',
  averageHint: '按客户数加权，仅含已完整经过该月的同期群',
  monthsAfter: '首单后第 {{offset}} 个月',
  view: '显示为',
  percent: '百分比',
  customers: '客户数',
  running: '该月尚未结束，不计入平均值',
  legendLow: '较少',
  legendHigh: '较多',
  showAll: '显示全部 {{count}} 个月',
  showFewer: '显示最近 {{count}} 个月',
  tooYoung: '您的所有客户都在本月首次下单。表格将从下个月开始。',
  scroll: '同期群表格，可横向滚动',
  download: '下载 CSV',
  downloadFailed: '文件下载失败，请重试。',
  sheet: {
    month: '第 {{offset}} 个月',
    asOf: '截至',
    running: '尚未结束的月份',
    number: '指标',
    allTime: '累计',
  },
};
