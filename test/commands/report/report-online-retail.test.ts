import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectSameNumbers } from '#test/domain/retention/close-to.ts';
import { naiveReport } from '#test/domain/retention/naive-report.ts';
import { readOnlineRetailSales } from '#test/support/online-retail-sales.ts';
import type { OnlineRetailSales } from '#test/support/online-retail-sales.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { runReport, temporaryFolder } from '#test/support/run-report.ts';

const DATA = join(PROJECT_DIR, '../shared/data/online_retail.csv.gz');
const where = existsSync(DATA) ? '' : ' (skipped: ../shared/data/online_retail.csv.gz is not here)';

describe.skipIf(where !== '')(`the report of UCI Online Retail as a Shopify export${where}`, () => {
  let folder: string;
  let sales: OnlineRetailSales;
  let report: Record<string, unknown>;
  let customers: Record<string, string>[];

  beforeAll(() => {
    folder = temporaryFolder();
    sales = readOnlineRetailSales(DATA);
    writeFileSync(join(folder, 'orders.csv'), sales.csv);
    const out = join(folder, 'customers.csv');
    const words = ['--orders', join(folder, 'orders.csv'), '--as-of', '2011-12-09', '--time-zone', 'Europe/London'];
    const { status, stdout, stderr } = runReport([...words, '--json', '--customers', out]);
    expect([status, stderr.replace(/^Reading.*\n/gm, '')]).toEqual([0, `Written: ${out}\n`]);
    report = JSON.parse(stdout);
    customers = parse(readFileSync(out), { bom: true, columns: true });
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has the published counts and sum', () => {
    expect(sales.validLines).toBe(397_884);
    expect(report).toMatchObject({
      currency: 'GBP',
      inputs: { rows: 397_884, orders: 18_532, counted: 18_532, guests: 0, unreadable: 0, repeatedOrders: 0, strayLines: 0 },
      overall: { customers: 4_338, orders: 18_532, revenueMinor: 891_140_790 },
    });
  });

  it('agrees with the naive definitions in every number that they have', () => {
    const naive = naiveReport(sales.rows, '2011-12-09', 'Europe/London');
    expectSameNumbers(Object.fromEntries(Object.entries(report).filter(([key]) => key in naive)), naive);
  });

  it('lists every customer once, with what adds up to the report', () => {
    const sum = (column: string) => customers.reduce((total, row) => total + Number(row[column]), 0);
    expect([customers.length, new Set(customers.map(({ id }) => id)).size]).toEqual([4_338, 4_338]);
    expect([sum('orders'), sum('revenueMinor')]).toEqual([18_532, 891_140_790]);
    const counted: Record<string, number> = {};
    for (const { group = '' } of customers) counted[group] = (counted[group] ?? 0) + 1;
    expect(report).toMatchObject({ rfm: { groups: counted } });
    const { predictions } = report as { predictions: { expectedOrders: number; expectedRevenueMinor: number } };
    expect(sum('expectedOrders365')).toBeCloseTo(predictions.expectedOrders, 4);
    expect(sum('predictedClv365Minor') / predictions.expectedRevenueMinor).toBeCloseTo(1, 9);
  });

  it('has the longest-known customer as the raw invoices have them', () => {
    const own = sales.rows.filter(({ customerKey }) => customerKey === '12748@customers.example');
    const row = customers.find(({ id }) => id === '12748@customers.example');
    expect(row).toMatchObject({
      orders: String(own.length),
      revenueMinor: String(own.reduce((total, { valueMinor }) => total + valueMinor, 0)),
      firstOrder: '2010-12-01',
      lastOrder: '2011-12-09',
      t_x: '373',
      T: '373',
      group: 'CHAMPIONS',
    });
  });
});
