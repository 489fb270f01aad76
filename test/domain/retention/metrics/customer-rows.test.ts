import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { summarizeCustomers } from '#app/domain/retention/columns/customer-summaries.ts';
import { customerKeyAt } from '#app/domain/retention/columns/order-columns.ts';
import type { OrderColumns } from '#app/domain/retention/columns/order-columns.ts';
import { everyone } from '#app/domain/retention/columns/selection.ts';
import { asOfDayIn, windowOfDays } from '#app/domain/retention/columns/time-window.ts';
import { byteSizeOfRows, computeCustomerRows, customerOfRow, scoresOfRow } from '#app/domain/retention/metrics/customer-rows.ts';
import type { CustomerRows } from '#app/domain/retention/metrics/customer-rows.ts';
import { scoreRfm } from '#app/domain/retention/metrics/rfm.ts';
import { deriveLifecycleStage } from '#app/domain/retention/metrics/lifecycle.ts';
import { computeReferralRate } from '#app/domain/retention/metrics/referral-rate.ts';
import { LIFECYCLE_STAGES, LIFECYCLE_STATES, RFM_GROUPS } from '#app/domain/retention/report/report.ts';
import { ANY_ORDERS, AS_OF_DAYS } from '../any-orders.ts';
import { anOrder, columnsOf, dayNamed, reportOn } from '../order-rows.ts';

describe('the table of customers', () => {
  it('has a row for each customer who has ordered, with what the report counts', () => {
    fc.assert(
      fc.property(ANY_ORDERS, fc.constantFrom(...AS_OF_DAYS), (orders, asOf) => {
        const columns = columnsOf(orders);
        const rows = computeCustomerRows(columns, everyone(columns), asOfDayIn('UTC', dayNamed(asOf)));
        const { lifecycle, overall, rfm } = reportOn(orders, asOf);
        expect(rows.count).toBe(overall.customers);
        const scored = scoreRfm(summarizeCustomers(columns, everyone(columns), asOfDayIn('UTC', dayNamed(asOf))), asOfDayIn('UTC', dayNamed(asOf)));
        for (let row = 0; row < rows.count; row += 1) expect(scoresOfRow(rows, row)).toEqual({ rDays: scored.rDays[row], r: scored.r[row], f: scored.f[row], m: scored.m[row] });
        expect(tallied(RFM_GROUPS, rows.groups)).toEqual(rfm.groups);
        expect(tallied(LIFECYCLE_STATES, rows.states)).toEqual(lifecycle.states);
        expect(tallied(LIFECYCLE_STAGES, rows.stages)).toEqual(lifecycle.stages);
        expect({ breaks: rows.breaks, upToDays: rows.rhythm.upToDays }).toEqual({
          breaks: rfm.breaks,
          upToDays: lifecycle.upToDays,
        });
      }),
    );
  });

  it('says of a customer when and for how much they ordered', () => {
    const columns = columnsOf([
      anOrder({ customerKey: 'b@example.com', at: '2024-01-10T00:00:00Z', valueMinor: 500 }),
      anOrder({ customerKey: 'b@example.com', at: '2024-02-10T00:00:00Z', valueMinor: 700 }),
      anOrder({ customerKey: 'a@example.com', at: '2024-09-10T00:00:00Z' }),
    ]);
    const rows = computeCustomerRows(columns, everyone(columns), asOfDayIn('UTC', dayNamed('2024-03-01')));
    expect(rows.count).toBe(1);
    expect(customerKeyAt(columns, customerOfRow(rows, 0))).toBe('b@example.com');
    expect([rows.orders, rows.revenueMinor, rows.firstDays, rows.lastDays].map(([value]) => value)).toEqual([
      2, 1200, dayNamed('2024-01-10'), dayNamed('2024-02-10'),
    ]);
    expect(scoresOfRow(rows, 0)).toMatchObject({ rDays: 20, r: 5, f: 1, m: 1 });
  });

  it('takes 13 bytes a customer, as the budget of memory reckons, and 17 where some have not ordered yet', () => {
    const orders = Array.from({ length: 5_000 }, (_, customerKey) => anOrder({ customerKey, at: '2024-01-10T00:00:00Z' }));
    const bytesAt = (rows: CustomerRows) => byteSizeOfRows(rows) / rows.count;
    const rowsOf = (columns: OrderColumns) => computeCustomerRows(columns, everyone(columns), asOfDayIn('UTC', dayNamed('2024-03-01')));
    expect(bytesAt(rowsOf(columnsOf(orders)))).toBeLessThan(13.5);
    const later = rowsOf(columnsOf([...orders, anOrder({ customerKey: 5_000, at: '2024-09-10T00:00:00Z' })]));
    expect(later.count).toBe(5_000);
    expect(bytesAt(later)).toBeGreaterThan(16.9);
    expect(bytesAt(later)).toBeLessThan(17.5);
  });

  it('knows the customer of each row, whether all have ordered by the day, or some who come before and between', () => {
    fc.assert(
      fc.property(ANY_ORDERS, fc.constantFrom(...AS_OF_DAYS), (orders, asOf) => {
        const columns = columnsOf(orders);
        const moment = asOfDayIn('UTC', dayNamed(asOf));
        const rows = computeCustomerRows(columns, everyone(columns), moment);
        const expected = [...summarizeCustomers(columns, everyone(columns), moment).customers];
        expect(Array.from({ length: rows.count }, (_, row) => customerOfRow(rows, row))).toEqual(expected);
        expect(rows.customers === null).toBe(expected.length === columns.customerCount);
      }),
    );
  });

  it.each([
    [1, 0, 'onboarding'], [1, 7, 'onboarding'], [1, 8, 'nurture'], [1, 14, 'nurture'], [1, 15, 'activation'],
    [1, 30, 'activation'], [1, 31, 'oneTime'], [2, 0, 'building'], [3, 900, 'building'], [4, 0, 'loyal'],
  ])('puts a customer with %i orders, the first %i days ago, into %s', (orders, days, stage) => {
    expect(deriveLifecycleStage(orders, days)).toBe(stage);
  }); // prettier-ignore
});

describe('the referral rate', () => {
  it('is over first orders, by the codes that referrers hand out', () => {
    const columns = columnsOf([
      anOrder({ customerKey: 1, at: '2024-01-10T00:00:00Z', discountCode: 'FRIEND' }),
      anOrder({ customerKey: 2, at: '2024-01-11T00:00:00Z' }),
      anOrder({ customerKey: 2, at: '2024-01-12T00:00:00Z', discountCode: 'FRIEND' }),
      anOrder({ customerKey: 3, at: '2023-12-31T23:59:59Z', discountCode: 'FRIEND' }),
      anOrder({ customerKey: null, at: '2024-01-13T00:00:00Z', discountCode: 'FRIEND' }),
    ]);
    const window = windowOfDays(dayNamed('2024-01-01'), dayNamed('2024-02-01'), 'UTC');
    const mark = { dimension: 'discountCode', values: new Set(['FRIEND']) } as const;
    expect(computeReferralRate(columns, everyone(columns), { window, mark })).toEqual({
      firstOrders: 2,
      referred: 1,
      rate: 0.5,
    });
  });
});

function tallied(names: readonly string[], codes: Uint8Array): Record<string, number> {
  return Object.fromEntries(names.map((name, code) => [name, codes.filter((other) => other === code).length]));
}
