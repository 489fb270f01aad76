import { describe, expect, it } from 'vitest';

import { RetentionDashboard } from '#app/components/retention/retention-dashboard.tsx';
import type { RetentionDashboardProps } from '#app/components/retention/retention-dashboard.tsx';
import { awaitAdvice } from '#app/domain/retention/advice/advice-awaited.ts';
import { chooseWeeklyActions } from '#app/domain/retention/advice/choose-weekly-actions.ts';
import { deriveStoreStanding } from '#app/domain/retention/advice/store-standing.ts';
import { offerCuts } from '#app/domain/retention/columns/cut-values.ts';
import { everyone } from '#app/domain/retention/columns/selection.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import { compareWindows } from '#app/domain/retention/report/compare-windows.ts';
import { computeRetentionReport } from '#app/domain/retention/report/compute-retention-report.ts';
import { buildOrderColumns } from '#app/domain/retention/columns/order-columns-builder.ts';
import type { OrderRow } from '#app/domain/retention/columns/order-columns.ts';
import type { ExcludedCounts } from '#app/domain/retention/report/report.ts';
import { parseDay } from '#app/domain/time/calendar-day.ts';
import type { Language } from '#app/i18n/languages.ts';
import { linksIn, textOf as wordsOf } from '../markup-of.tsx';

const NOW_MS = Date.parse('2026-11-21T12:00:00Z');
const NOTHING_EXCLUDED: ExcludedCounts = { test: 0, deleted: 0, cancelled: 0, refunded: 0, unknownState: 0 };

function anOrder(orderId: number, customerKey: number | null, date: string, valueMinor = 10_00): OrderRow {
  const processedAtMs = Date.parse(`${date}T10:00:00Z`);
  return { orderId, customerKey, processedAtMs, valueMinor, country: null, region: null, channel: null, discountCode: null, presentmentCurrency: null };
}

interface Shown {
  orders?: OrderRow[];
  excluded?: Partial<ExcludedCounts>;
  currency?: string;
  language?: Language;
  asOf?: string;
  props?: Partial<Omit<RetentionDashboardProps, 'report'>>;
}

function dashboardOf({ orders = [], excluded = {}, currency = 'USD', asOf = '2026-11-21', props = {} }: Shown) {
  const columns = buildOrderColumns(orders, { timeZone: 'UTC', currency });
  const asOfDay = parseDay(asOf) ?? 0;
  const selection = everyone(columns);
  const firstOrderDay = columns.orderCount === 0 ? null : Math.min(...columns.days);
  const whole = computeRetentionReport(columns, { asOfDay, excluded: { ...NOTHING_EXCLUDED, ...excluded } });
  return (
    <RetentionDashboard
      report={whole}
      counting={columns.counting}
      standing={deriveStoreStanding(columns, whole, { day: asOfDay })}
      inOtherCurrency={0}
      freshAtMs={NOW_MS}
      historyDays={null}
      nowMs={NOW_MS}
      today="2026-11-21"
      compared={compareWindows(columns, selection, { asOfDay, days: 365, firstOrderDay })}
      adviceAwaited={awaitAdvice(columns, selection, asOfDayIn('UTC', asOfDay))}
      actions={chooseWeeklyActions(columns, selection, { asOf: asOfDayIn('UTC', asOfDay), isOfferOn: true })}
      onAsOf={() => {}}
      onDays={() => {}}
      onCut={() => {}}
      cut={null}
      cuts={offerCuts(columns)}
      countryNames={{}}
      {...props}
    />
  );
}

/** The words on the page, tags left out. */
function textOf({ language, ...shown }: Shown): string {
  return wordsOf(dashboardOf(shown), language);
}

const TWO_CUSTOMERS = [
  anOrder(1, 1, '2026-09-10'),
  anOrder(2, 1, '2026-10-10'),
  anOrder(3, 2, '2026-09-12', 40_00),
];

describe('the dashboard', () => {
  it('shows the five numbers of the last 365 days with all time beside them', () => {
    const text = textOf({ orders: [...TWO_CUSTOMERS, anOrder(4, 3, '2024-01-05', 5_00)] });
    expect(text).toContain('Repeat purchase rate 50.0% All time: 33.3%');
    expect(text).toContain('Purchase frequency 1.50 All time: 1.33');
    expect(text).toContain('Average order value $20.00 All time: $16.25');
    expect(text).toContain('Customer value $30.00 All time: $21.67');
    expect(text).toContain('Customers 2 All time: 3');
    expect(text).toContain('Nov 22, 2025 to Nov 21, 2026');
  });

  it('has the numbers of the time before beside those of now', () => {
    const text = textOf({ orders: [...TWO_CUSTOMERS, anOrder(4, 3, '2024-11-01'), anOrder(5, 4, '2025-01-10', 5_00)] });
    expect(text).toContain('Repeat purchase rate 50.0% All time: 25.0% Before: 0.0% (+50.0 points)');
    expect(text).toContain('Average order value $20.00 All time: $15.00 Before: $5.00 (+300.0%)');
    expect(text).toContain('Customers 2 All time: 4 Before: 1 (+100.0%)');
  });

  it('says how many order again and how soon, and what of the store that is', () => {
    const text = textOf({ orders: [...TWO_CUSTOMERS, anOrder(4, 3, '2024-01-05', 5_00)] });
    expect(text).toContain('30 days 3 1 33.3% 60 days 3 1 33.3% 90 days 1 0 0.0% 180 days 1 0 0.0% 365 days 1 0 0.0%');
    expect(text).toContain('Gaps counted 1 Median 30 Mean 30');
    expect(text).toContain('Orders that are a second or later one 33.3% 25.0% Revenue of those orders 16.7% 15.4%');
    expect(text).toContain('Returning customer rate, as Shopify counts 50.0%');
    expect(text).toContain('have orders counted as Shopify counts');
    expect(textOf({ orders: TWO_CUSTOMERS, props: { counting: { preset: 'asShopifyCounts', value: 'goods' } } })).toContain('this is the number of Shopify’s own report');
  });

  it('says from when on a share can be known at the earliest, which is the day on which it is, and that nobody ordered twice', () => {
    const textAsOf = (asOf: string) => textOf({ orders: [anOrder(1, 1, '2026-11-01')], asOf });
    expect(textAsOf('2026-11-30')).toContain('30 days Share from Dec 1, 2026 at the earliest 0 0 – 60 days Share from Dec 31, 2026 at the earliest 0 0 –');
    expect(textAsOf('2026-11-30')).toContain('Nobody has ordered twice yet.');
    expect(textAsOf('2026-12-01')).toContain('30 days 1 0 0.0% 60 days Share from Dec 31, 2026 at the earliest 0 0 –');
  });

  it('says from which day on there is a table of cohorts, which is the first on which there is', () => {
    const textAsOf = (asOf: string) => textOf({ orders: [anOrder(1, 1, '2026-11-01')], asOf });
    expect(textAsOf('2026-11-30')).toContain('in the month that is still running. The table begins on Dec 1, 2026.');
    expect(textAsOf('2026-12-01')).not.toContain('The table begins');
  });

  it('offers the columns that are left out where no row is', () => {
    const text = textOf({ orders: [anOrder(1, 1, '2023-11-01'), anOrder(2, 1, '2024-02-01')] });
    expect(text).toContain('Show all columns');
    expect(text).not.toMatch(/Show all \d+ months/);
  });

  it('says by which scores customers are grouped, and where those begin', () => {
    const text = textOf({ orders: TWO_CUSTOMERS });
    expect(text).toContain('Bought recently, often and much. R = 5, FM ≥ 4');
    expect(text).toContain('Limits of the scores Limit 1 Limit 2 Limit 3 Limit 4 Days since the last order 47.6 53.2 58.8 64.4');
    expect(text).toContain('FM = (F + M) ÷ 2');
  });

  it('says from which day on there is a time to compare with', () => {
    expect(textOf({ orders: TWO_CUSTOMERS })).toContain('Before: from Sep 8, 2028');
  });

  it('is of a part of the customers where one was chosen, and tells of all of them what to do', () => {
    const whole = textOf({ orders: TWO_CUSTOMERS });
    const part = textOf({ orders: TWO_CUSTOMERS, props: { cut: 'country:GB', standing: null } });
    const told = (text: string) => [text.includes('To do this week'), text.includes('this part of your customers')];
    expect([told(whole), told(part)]).toEqual([[true, false], [false, true]]);
    expect(textOf({ props: { cut: 'country:AQ' } })).toContain('Nobody is in this part');
  });

  it('leads to the customers of a cohort, of a group and of the window', () => {
    const links = linksIn(dashboardOf({ orders: TWO_CUSTOMERS }));
    const list = '/app/customers?asOf=2026-11-21&';
    expect(links).toEqual(expect.arrayContaining([`${list}daysSinceLastOrder=0..364`, `${list}daysSinceFirstOrder=52..81`]));
    expect(links.filter((link) => link.includes('rfmGroup='))).toHaveLength(2);
    const ofPart = linksIn(dashboardOf({ orders: TWO_CUSTOMERS, props: { cut: 'presentmentCurrency:EUR', standing: null } }));
    expect(ofPart).toContain(`${list}daysSinceFirstOrder=52..81&presentmentCurrency=EUR`);
    expect(ofPart.filter((link) => link.includes('rfmGroup='))).toEqual([]);
  });

  it('rounds a mean to the currency’s own minor unit', () => {
    const yen = [anOrder(1, 1, '2026-09-10', 1000), anOrder(2, 2, '2026-09-10', 1001)];
    expect(textOf({ orders: yen, currency: 'JPY' })).toContain('Average order value ¥1,001');
  });

  it('says how far the orders go and how fresh they are', () => {
    const text = textOf({ orders: TWO_CUSTOMERS, props: { freshAtMs: NOW_MS - 120_000 } });
    expect(text).toContain('Orders up to Oct 10, 2026, 10:00. Updated 2 minutes ago.');
  });

  it('is in Chinese for a merchant who reads Chinese', () => {
    const text = textOf({ orders: TWO_CUSTOMERS, language: 'zh-CN' });
    expect(text).toContain('复购率 50.0% 累计：50.0%');
    expect(text).toContain('US$20.00');
    expect(text).toContain('2026年9月');
  });

  it('says that a store has no orders instead of showing zeros', () => {
    const text = textOf({});
    expect(text).toContain('No orders yet');
    expect(text).not.toContain('Repeat purchase rate');
  });

  it('says why no order counts', () => {
    const text = textOf({ excluded: { test: 2, cancelled: 1 } });
    expect(text).toContain('Perennial found 3 orders, and none of them counts as a purchase: 2 test, 1 cancelled.');
  });

  it('shows what can be known of guests, and says what cannot', () => {
    const text = textOf({ orders: [anOrder(1, null, '2026-09-10')] });
    expect(text).toContain('Only guest orders so far');
    expect(text).toContain('Repeat purchase rate –');
    expect(text).toContain('Average order value $10.00');
    expect(text).not.toContain('Groups of customers');
  });

  it('leaves a way back from a day before the first order', () => {
    const text = textOf({ orders: TWO_CUSTOMERS, asOf: '2020-02-02' });
    expect(text).toContain('none of them counts as a purchase: 3 after this day.');
    expect(text).toContain('Numbers as of Feb 2, 2020, not today. Show today');
  });

  it('warns of few customers', () => {
    expect(textOf({ orders: TWO_CUSTOMERS })).toContain('These numbers rest on 2 customers.');
  });

  it('says when Shopify lets it read 60 days only, and gives no second notice beside it', () => {
    const text = textOf({ orders: TWO_CUSTOMERS, props: { historyDays: 60 } });
    expect(text).toContain('read the last 60 days of orders only');
    expect(text).not.toContain('These numbers rest on');
  });

  it('marks the month that is still running', () => {
    const text = textOf({ orders: TWO_CUSTOMERS });
    expect(text).toContain('Sep 2026 2 50.0% 0.0% Still running');
    expect(text).toContain('Average 50.0%');
  });

  it('says under the cohorts and under the groups on which orders they rest', () => {
    const orders = [...TWO_CUSTOMERS, anOrder(4, null, '2026-09-15')];
    const bases = (language: Language) => {
      const text = textOf({ orders, excluded: { test: 2 }, language });
      return [...text.matchAll(language === 'en' ? /All orders up to .+? Left out: .+?\./g : /截至 [^。]+的全部订单.+?。未计入：.+?。/g)].map(String);
    };
    const english = 'All orders up to Nov 21, 2026, time zone UTC. Left out: 1 without a customer, 2 test.';
    expect(bases('en')).toEqual([english, english]);
    const chinese = '截至 2026年11月21日 的全部订单，时区 UTC。未计入：1 笔未关联客户、2 笔测试订单。';
    expect(bases('zh-CN')).toEqual([chinese, chinese]);
    expect(textOf({ orders: TWO_CUSTOMERS })).toContain('Left out: nothing.');
  });

  it('gives each group its count and its share of buyers', () => {
    const text = textOf({ orders: TWO_CUSTOMERS });
    expect(text).toMatch(/(Champions|Loyal|Active|New) 1 50\.0%/);
  });

  it('says that it counts as Shopify counts, or with tax, where the merchant chose that, and nothing where not', () => {
    const orders = [anOrder(1, 1, '2026-10-01')];
    expect(textOf({ orders })).not.toContain('As Shopify counts');
    const text = textOf({ orders, props: { counting: { preset: 'asShopifyCounts', value: 'total' } } });
    expect(text).toContain('As Shopify counts: fully refunded orders are purchases. Revenue is after discounts and refunds, with tax and shipping, without tips.');
    const chinese = textOf({ orders, language: 'zh-CN', props: { counting: { preset: 'asShopifyCounts', value: 'goods' } } });
    expect(chinese).toContain('按 Shopify 的口径统计：全额退款的订单也算购买。');
  });
});
