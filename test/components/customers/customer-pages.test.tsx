import { AppProvider } from '@shopify/polaris';
import polarisEnglish from '@shopify/polaris/locales/en.json' with { type: 'json' };
import { renderToStaticMarkup } from 'react-dom/server';
import type { ReactElement } from 'react';
import { I18nextProvider } from 'react-i18next';
import { describe, expect, it } from 'vitest';

import { CustomerDetail } from '#app/components/customers/customer-detail.tsx';
import type { CustomerDetailProps } from '#app/components/customers/customer-detail.tsx';
import { CustomerTable } from '#app/components/customers/customer-table.tsx';
import type { CustomerTableRow } from '#app/components/customers/customer-table.tsx';
import { FormatsProvider } from '#app/components/formats.tsx';
import { DEFAULT_COUNTING } from '#app/domain/retention/metrics/order-value.ts';
import { i18nIn } from '#app/i18n/i18n.ts';

function markupOf(element: ReactElement): string {
  return renderToStaticMarkup(
    <I18nextProvider i18n={i18nIn('en')}>
      <FormatsProvider locale="en">
        <AppProvider i18n={polarisEnglish}>{element}</AppProvider>
      </FormatsProvider>
    </I18nextProvider>,
  );
}

const textOf = (element: ReactElement) => markupOf(element).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

const ROW = {
  orders: 3,
  spentMinor: 123_456,
  lastOrder: '2026-10-01',
  group: 'LOYAL',
  state: 'cooling',
  pAlive: 0.62,
  predictedClv365Minor: 1000.4,
  nextOrder: 'never',
} as const;

function tableOf(rows: Partial<CustomerTableRow>[], names: Record<string, string> = {}): ReactElement {
  const whole = rows.map((row, i): CustomerTableRow => ({ ...ROW, id: String(i + 1), key: String(i + 1), ...row }));
  return <CustomerTable rows={whole} names={names} currency="JPY" hasPAlive hasPredictions isLoading={false} addressOf={(id) => `/app/customers/${id}`} />;
}

describe('the table of customers', () => {
  it('names whom Shopify names, and leads nowhere from a customer who was forgotten', () => {
    const markup = markupOf(tableOf([{}, {}, { id: null, key: '-5' }], { 1: 'Gaëlle de La Rochefoucauld' }));
    expect([...markup.matchAll(/href="([^"]+)"[^>]*>([^<]+)/g)].map(([, href, name]) => [href, name])).toEqual([
      ['/app/customers/1', 'Gaëlle de La Rochefoucauld'],
      ['/app/customers/2', 'Customer 2'],
    ]);
    expect(markup).toContain('Forgotten customer');
    expect(markup).not.toContain('-5');
  });

  it('writes money as the currency has it, and a dash for what is not known', () => {
    const text = textOf(tableOf([{}, { pAlive: null, predictedClv365Minor: null }]));
    expect(text).toContain('¥123,456 3 3 orders Oct 1, 2026 last on Oct 1, 2026 Info Cooling Loyal 62% ¥1,000');
    expect(text).toContain('Loyal – –');
  });
});

const DETAIL: CustomerDetailProps = {
  ...{ asOf: '2026-11-01', today: '2026-11-01', timeZone: 'Europe/Berlin', currency: 'EUR', counting: DEFAULT_COUNTING, firstOrder: '2026-01-01' },
  row: { ...ROW, rDays: 31, r: 4, f: 5, m: 5 },
  breaks: { r: [10, 12.8, 30, 40], f: [1, 1, 1.6, 3], m: [1000, 2000.6, 3000, 4000] },
  rhythm: { basis: 'ownRhythm', gaps: 1234, gapsNeeded: 200, upToDays: { active: 30.5, cooling: 60.75, atRisk: 90.9 } },
  ...{ isPredicting: false, noPAlive: null, prediction: { inUse: 'model', x: 2, tX: 273, T: 304, expectedOrders365: 1.234 } },
  ...{ orders: [], ordersHeld: 0, products: [], onAsOf: () => {} },
};

const detailOf = (change: Partial<CustomerDetailProps>) => textOf(<CustomerDetail {...DETAIL} {...change} />);

describe('one customer', () => {
  it('is told where they stand, and from which numbers that follows', () => {
    const text = detailOf({});
    expect(text).toContain('half of the 1,234 gaps between orders last up to 30 days (active), three quarters up to 60 (cooling)');
    expect(text).toContain('nine tenths up to 90 (at risk)');
    // 13 days are above a break of 12.8, and 12 are not.
    expect(text).toContain('Recency 4 of 5. Your customers part at 10, 12, 30, 40 days since the last order.');
    expect(text).toContain('They part at 1, 1, 1, 3 orders.');
    expect(text).toContain('€10.00, €20.00, €30.00, €40.00 spent');
    expect(text).toContain('Bought on 2 more days after the first, the last of them 273 days after it. The first was 304 days ago.');
    expect(text).toContain('62%');
    expect(text).toContain('Not expected within a year');
  });

  it('is told by the rule where a model does not hold, and why it does not', () => {
    const text = detailOf({
      row: { ...ROW, pAlive: null, nextOrder: null, rDays: 31, r: 4, f: 5, m: 5 },
      rhythm: { ...DETAIL.rhythm, basis: 'fixedRule', gaps: 12 },
      noPAlive: 'lost-backtest',
      prediction: { inUse: 'simpleRule', x: 2, tX: 273, T: 304, expectedOrders365: 1 },
    });
    expect(text).toContain('12 of the 200 gaps between orders that its own rhythm needs');
    expect(text).toContain('the model did worse than a plain rule, so it is not used');
    expect(text).toContain('By a plain rule: who has not lapsed goes on as before');
    expect(text).not.toContain('Next order');
  });

  it('has room for what is being worked out, so that nothing moves when it comes', () => {
    const factsIn = (change: Partial<CustomerDetailProps>) => {
      const markup = markupOf(<CustomerDetail {...DETAIL} {...change} />);
      return markup.split('<dt>').slice(1).map((fact) => [fact.slice(0, fact.indexOf('<')), fact.split('Polaris-Text--bodySm').length]);
    };
    const waiting = { ...DETAIL.row, pAlive: null, predictedClv365Minor: null, nextOrder: null } as CustomerDetailProps['row'];
    const [now, then] = [factsIn({ row: waiting, prediction: null, isPredicting: true }), factsIn({})];
    expect(now.map(([term]) => term)).toEqual(then.map(([term]) => term));
    // Besides those lines it says that it is being worked out.
    expect(now.map(([, lines], place) => Number(lines) - Number(then[place]?.[1]))).toEqual([0, 0, 0, 1, 0, 0]);
    expect(detailOf({ row: waiting, prediction: null, isPredicting: true })).toContain('Being worked out.');
  });

  it('has in its orders what went back, and why one does not count', () => {
    const order = { ...{ id: '1', name: '#1001', day: '2026-01-01', valueMinor: 500, whyNot: null, daysSincePrevious: null }, ...{ refunds: [], currency: 'EUR', cancelledOn: null, discountCode: null, products: [] } };
    const orders: CustomerDetailProps['orders'] = [
      { ...order, id: '2', name: '#1002', valueMinor: null, whyNot: 'refunded', refunds: [{ day: '2026-02-03', amountMinor: 700 }] },
      { ...order, products: [{ title: 'Tea', quantity: 2 }] },
    ];
    const text = detailOf({ orders, ordersHeld: 9 });
    expect(text).toContain('#1002 Jan 1, 2026 Does not count: fully refunded €7.00 refunded on Feb 3, 2026');
    expect(text).toContain('#1001 Jan 1, 2026 €5.00 2 × Tea First order');
    expect(text).toContain('The latest 2 of 9 orders are shown.');
  });

  it('without an order that counts is told so', () => {
    expect(detailOf({ row: null, prediction: null })).toContain('No order of this customer counts as a purchase by this day.');
  });
});
