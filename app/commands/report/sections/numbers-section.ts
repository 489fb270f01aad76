import type { Basics } from '#app/domain/retention/report/report.ts';
import { text, type ReportSection } from './report-section.ts';
import { UNKNOWN } from './telling.ts';
import type { Telling } from './telling.ts';

const EXPLAINED = ['repeatPurchaseRate', 'purchaseFrequency', 'averageOrderValue', 'customerValue', 'customers'] as const;

export function numbersSection({ report, t, formats }: Telling): ReportSection {
  const { overall, trailing365 } = report;
  const row = (label: string, show: (basics: Basics) => string) => [text(label), { text: show(trailing365), isStrong: true }, text(show(overall))];
  const ratio = (value: number | null) => formats.number(value, 2);
  return {
    id: 'numbers',
    title: t('numbers.title'),
    lead: t('numbers.lead'),
    figures: [
      {
        title: null,
        chart: null,
        note: null,
        table: {
          caption: t('numbers.caption'),
          columns: [
            { label: t('numbers.number'), isNumber: false },
            { label: t('numbers.trailing'), isNumber: true },
            { label: t('numbers.allTime'), isNumber: true },
          ],
          rows: [
            row(t('metrics:repeatPurchaseRate.label'), ({ repeatPurchaseRate }) => formats.share(repeatPurchaseRate)),
            row(t('metrics:purchaseFrequency.label'), ({ purchaseFrequency }) => ratio(purchaseFrequency)),
            row(t('metrics:averageOrderValue.label'), ({ aovMinor }) => formats.amount(aovMinor)),
            row(t('metrics:customerValue.label'), ({ customerValueMinor }) => formats.amount(customerValueMinor)),
            row(t('metrics:customers.label'), ({ customers }) => formats.count(customers)),
            row(t('numbers.repeatCustomers'), ({ repeatCustomers }) => formats.count(repeatCustomers)),
            row(t('numbers.orders'), ({ orders }) => formats.count(orders)),
            row(t('numbers.guestOrders'), ({ guestOrders }) => formats.count(guestOrders)),
            row(t('numbers.revenue'), ({ revenueMinor }) => formats.amount(revenueMinor)),
            row(t('numbers.repeatOrderShare'), ({ repeatOrderShare }) => formats.share(repeatOrderShare)),
            row(t('numbers.repeatRevenueShare'), ({ repeatRevenueShare }) => formats.share(repeatRevenueShare)),
            [
              text(t('numbers.returningRate')),
              { text: formats.share(trailing365.returningCustomerRateShopify), isStrong: true },
              text(UNKNOWN),
            ],
          ],
        },
      },
    ],
    definitions: [
      ...EXPLAINED.map((metric) => ({
        term: t(`metrics:${metric}.label`),
        words: t(`metrics:${metric}.words`, { worth: t(`metrics:counting.worth.${report.value}`) }),
        formula: t(`metrics:${metric}.symbols`),
      })),
      { term: t('numbers.repeatOrderShare'), words: t('numbers.repeatSharesWords'), formula: t('numbers.repeatSharesFormula') },
      { term: t('numbers.returningRate'), words: t('numbers.returningWords'), formula: t('numbers.returningFormula') },
    ],
  };
}
