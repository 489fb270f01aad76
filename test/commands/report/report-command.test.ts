import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { parseReportOptions } from '#app/commands/report/report-options.ts';
import { aLineRow, anOrderRow, exportFile } from '#test/support/orders-export-file.ts';
import { runReport, temporaryFolder } from '#test/support/run-report.ts';

/**
 * A small shop in New York, worked out by hand. Ann: 40.00 and, 31 days later, 60.00 of which 10.00 came back. Bob: one
 * order of 30.00, late on January 31st there and February 1st in UTC. A guest: 20.00. Then one cancelled, one refunded,
 * one in a state nobody knows, one in euros, and one after the as-of day.
 */
const ROWS = [
  anOrderRow('#1001', { Email: 'Ann@example.com', Currency: 'USD', Subtotal: '40.00', 'Created at': '2026-01-10 09:00:00 -0500' }),
  aLineRow('#1001', { 'Lineitem name': 'Cup', 'Lineitem sku': 'CUP' }),
  anOrderRow('#1002', { Email: '', Currency: 'USD', Subtotal: '20.00', 'Created at': '2026-01-15 09:00:00 -0500' }),
  anOrderRow('#1003', { Email: 'bob@example.com', Currency: 'USD', Subtotal: '30.00', 'Created at': '2026-01-31 23:30:00 -0500' }),
  anOrderRow('#1004', {
    Email: 'ann@example.com ', Currency: 'USD', Subtotal: '60.00', 'Refunded Amount': '10.00',
    'Financial Status': 'partially_refunded', 'Created at': '2026-02-10 09:00:00 -0500',
  }),
  anOrderRow('#1005', { Currency: 'USD', 'Cancelled at': '2026-02-11 09:00:00 -0500', 'Created at': '2026-02-11 08:00:00 -0500' }),
  anOrderRow('#1006', { Currency: 'USD', 'Financial Status': 'refunded', 'Refunded Amount': '10.00', 'Created at': '2026-02-12 08:00:00 -0500' }),
  anOrderRow('#1007', { Currency: 'USD', 'Financial Status': 'dreamt', 'Created at': '2026-02-13 08:00:00 -0500' }),
  anOrderRow('#1008', { Currency: 'EUR', 'Created at': '2026-02-14 08:00:00 -0500' }),
  anOrderRow('#1009', { Email: 'bob@example.com', Currency: 'USD', Subtotal: '99.00', 'Created at': '2026-03-01 00:00:00 -0500' }),
];

let folder: string;
let file: string;
const asked = () => ['--orders', file, '--as-of', '2026-02-28', '--time-zone', 'America/New_York'];

beforeAll(() => {
  folder = temporaryFolder();
  file = join(folder, 'orders.csv');
  writeFileSync(file, exportFile(ROWS));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('npm run report -- --orders', () => {
  it('prints the numbers of a hand-made shop as one JSON document, and what it left out on standard error', () => {
    const { status, stdout, stderr } = runReport([...asked(), '--json']);
    expect(status).toBe(0);
    expect(stderr).toBe('1 order not in USD left out: no rate is known.\n1 order in a payment state that is not known: left out.\n');
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      asOf: '2026-02-28',
      timeZone: 'America/New_York',
      currency: 'USD',
      preset: 'perennial',
      inputs: {
        orders: 8, counted: 4, afterAsOf: 1, guests: 1, inOtherCurrency: 1, rows: 10,
        excluded: { test: 0, deleted: 0, cancelled: 1, refunded: 1, unknownState: 1 },
        firstOrderAt: '2026-01-10T14:00:00Z',
        lastOrderAt: '2026-02-10T14:00:00Z',
      },
      overall: {
        customers: 2, orders: 4, guestOrders: 1, repeatCustomers: 1, repeatPurchaseRate: 0.5, purchaseFrequency: 1.5,
        // 40 + 20 + 30 + (60 - 10), of which 50 of Ann's and Bob's 120 came with a second order.
        revenueMinor: 14_000, aovMinor: 3_500, customerValueMinor: 5_250, repeatOrderShare: 1 / 3, repeatRevenueShare: 50 / 120,
      },
      trailing365: { returningCustomerRateShopify: 0.5 },
      // Of 30 days, Ann had the time and came back after 31; Bob's 28 days are not enough.
      maturedRepeatRate: { '30': { eligible: 1, repeated: 0, rate: 0 }, '60': { eligible: 0, repeated: 0, rate: null } },
      daysBetweenOrders: { n: 1, median: 31, mean: 31, p10: 31, p90: 31, firstToSecondMedian: 31, secondToThirdMedian: null },
      simpleClv: { lifespanYears: 3, clvMinor: 15_750, observedLifespanDays: 15.5 },
      cohorts: {
        period: 'month',
        incompletePeriod: null,
        rows: [{ cohort: '2026-01', size: 2, active: [2, 1], orders: [2, 1], revenueMinor: [7_000, 5_000] }],
      },
      churn: { model: null, fallback: { reason: 'too-little-data' } },
      replenishment: [],
      boughtTogether: [],
      boughtTogetherBasis: { baskets: 4 },
    });
  });

  it('says the same of the gzipped file and of standard input', () => {
    const { stdout } = runReport([...asked(), '--json']);
    const gzipped = join(folder, 'orders.csv.gz');
    writeFileSync(gzipped, gzipSync(exportFile(ROWS)));
    expect(runReport(['--orders', gzipped, ...asked().slice(2), '--json']).stdout).toBe(stdout);
    expect(runReport(['--orders', '-', ...asked().slice(2), '--json'], { input: exportFile(ROWS) }).stdout).toBe(stdout);
  });

  it('takes the day of the last order, months in UTC and three years when nothing else is said, and says so', () => {
    const { stdout, stderr } = runReport(['--orders', file, '--json', '--lifespan-years', '1.5']);
    expect(stderr).toContain('Days are days in UTC. Give the shop\'s own with --time-zone.');
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ asOf: '2026-03-01', timeZone: 'UTC', simpleClv: { lifespanYears: 1.5 } });
    // Late on January 31st in New York is February in UTC.
    expect(report.cohorts.rows.map(({ cohort, size }: { cohort: string; size: number }) => [cohort, size])).toEqual([['2026-01', 1], ['2026-02', 1]]);
  });

  it('counts refunded orders as Shopify does, another currency, and other cohorts when asked to', () => {
    const shopify = JSON.parse(runReport([...asked(), '--json', '--count-as', 'shopify', '--period', 'quarter']).stdout);
    expect(shopify).toMatchObject({ preset: 'asShopifyCounts', value: 'goods', overall: { orders: 5, revenueMinor: 14_000 }, cohorts: { period: 'quarter' } });
    expect(JSON.parse(runReport([...asked(), '--json', '--preset', 'shopify', '--period', 'quarter']).stdout)).toEqual(shopify);
    // Ann's 10.00 and the refunded order's are what was bought.
    const before = JSON.parse(runReport([...asked(), '--json', '--count-as', 'shopify', '--value', 'before-refunds']).stdout);
    expect(before).toMatchObject({ value: 'goodsBeforeRefunds', overall: { orders: 5, revenueMinor: 16_000 } });
    expect(shopify.cohorts.rows[0].cohort).toBe('2026-Q1');
    const euros = JSON.parse(runReport([...asked(), '--json', '--currency', 'eur', '--period', 'rolling30']).stdout);
    expect(euros).toMatchObject({ currency: 'EUR', overall: { orders: 1 }, inputs: { inOtherCurrency: 5 }, cohorts: { period: 'rolling30Days' } });
  });

  it('speaks of a part of the customers, of referrals and of money to come at a discount when asked to', () => {
    const rows = [
      anOrderRow('#1', { Source: 'web', 'Discount Code': 'friend', 'Created at': '2026-01-01 10:00:00 +0000' }),
      anOrderRow('#2', { Source: 'pos', 'Created at': '2026-01-11 10:00:00 +0000' }),
      anOrderRow('#3', { Source: 'pos', Email: 'bob@example.com', 'Created at': '2026-01-02 10:00:00 +0000' }),
    ];
    const words = ['--orders', '-', '--time-zone', 'UTC', '--cut', 'channel:web', '--referrals', 'discountCode:Friend', '--discount-rate', '0.01'];
    const out = join(folder, 'cut.csv');
    const { stdout } = runReport([...words, '--json', '--customers', out], { input: exportFile(rows) });
    expect(JSON.parse(stdout)).toMatchObject({
      cut: 'channel:web',
      overall: { customers: 1, orders: 2 },
      referralRate: { firstOrders: 1, referred: 1, rate: 1 },
      predictions: { monthlyDiscountRate: 0.01 },
    });
    expect(parse(readFileSync(out), { columns: true })).toMatchObject([{ id: 'ann@example.com', orders: '2' }]);
    expect(runReport(words, { input: exportFile(rows) }).stdout).toContain('Only customers whose first order has channel:web.');
  });

  it('writes one row a customer', () => {
    const out = join(folder, 'customers.csv');
    const { status, stdout, stderr } = runReport([...asked(), '--customers', out]);
    expect([status, stdout]).toEqual([0, '']);
    expect(stderr).toContain(`Written: ${out}`);
    // A program reads this table as it is: with a byte order mark its first column would not be called id.
    const rows: Record<string, string>[] = parse(readFileSync(out), { columns: true });
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({
      id: 'ann@example.com', firstOrder: '2026-01-10', lastOrder: '2026-02-10', orders: '2', revenueMinor: '9000', rDays: '18',
      r: '5', f: '5', m: '5', group: 'CHAMPIONS', state: 'active', x: '1', t_x: '31', T: '49', pAlive: '', stage: 'building',
      // Of so few nothing is fitted: what the simple rule says stands here, as everywhere. One order in 49 days, at 45.00.
      expectedOrders365: expect.stringMatching(/^7\.448979/), predictedClv365Minor: expect.stringMatching(/^33520\.408/), predictedBy: 'simpleRule',
    });
    expect(rows[1]).toMatchObject({ id: 'bob@example.com', lastOrder: '2026-01-31', orders: '1', revenueMinor: '3000', rDays: '28', x: '0', t_x: '0', T: '28', stage: 'activation' });
  });

  it('prints the main numbers in words when nothing else is asked for, in either language', () => {
    const { stdout } = runReport(asked());
    expect(stdout).toContain('4 orders in USD, Jan 10, 2026 to Feb 10, 2026. Days are in the time zone America/New_York.');
    expect(stdout).toMatch(/Average order value +\$35\.00 +\$35\.00/);
    expect(runReport([...asked(), '--language', 'zh-CN']).stdout).toContain('谁会再次购买');
  });
});

describe('what npm run report does when something is wrong', () => {
  it.each([
    [['--json'], 'Say what to read: --orders FILE or --shop DOMAIN.'],
    [['--orders', 'a.csv', '--shop', 'b.myshopify.com'], 'Give --orders or --shop, not both.'],
    [['--orders', 'a.csv', '--as-of', '2026-02-30'], '--as-of 2026-02-30: not a day.'],
    [['--orders', 'a.csv', '--time-zone', 'Mars/Base'], '--time-zone Mars/Base: not an IANA time zone'],
    [['--orders', 'a.csv', '--period', 'day'], '--period day: it can be month, week, quarter, rolling30.'],
    [['--orders', 'a.csv', '--currency', 'euro'], '--currency euro: not a currency'],
    [['--orders', 'a.csv', '--lifespan-years', '0'], '--lifespan-years 0: not a number of years above 0.'],
    [['--orders', 'a.csv', '--discount-rate', '1.2'], '--discount-rate 1.2: not a share a month'],
    [['--orders', 'a.csv', '--cut', 'shoe:size'], '--cut shoe:size: it is written BY:VALUE, by country, region,'],
    [['--orders', 'a.csv', '--referrals', 'channel:'], '--referrals channel:: it is written BY:VALUE,VALUE'],
    [['--order', 'a.csv'], "Unknown option '--order'"],
    [['--orders', 'a.csv', '--customers', './a.csv'], '--customers ./a.csv: that is the file that is read.'],
    [['--orders', 'a.csv', '--html', 'a.csv'], '--html a.csv: that is the file that is read.'],
    [['--orders', 'a.csv', '--customers', 'b', '--html', 'b'], '--html b: the customers go there.'],
  ])('%j is refused in a sentence', (words, sentence) => {
    expect(() => parseReportOptions(words, folder)).toThrow(sentence);
  });

  it('ends with 2 when the command is not right', () => {
    const { status, stdout, stderr } = runReport(['--json']);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toBe('Say what to read: --orders FILE or --shop DOMAIN.\nnpm run --silent report -- --help lists what it takes.\n');
  });

  it('ends with 1 and a sentence for a file that is not there, is no export, or has no readable order', () => {
    const missing = join(folder, 'nowhere.csv');
    expect(runReport(['--orders', missing])).toEqual({ status: 1, stdout: '', stderr: `${missing} does not exist.\n` });
    const header = exportFile(ROWS).replace('Created at', 'Made at');
    expect(runReport(['--orders', '-', '--json'], { input: header })).toEqual({ status: 1, stdout: '', stderr: 'The column “Created at” is missing.\n' });
    expect(runReport(['--orders', 'public/readme/dashboard.png']).stderr).toMatch(/^The file is a PNG image\./);
  });

  it('says of the first twenty bad lines what is wrong and names the others, and reads the rest', () => {
    const bad = Array.from({ length: 23 }, (_, index) => anOrderRow(`#${index}`, { Currency: 'USD', 'Created at': 'soon' }));
    const { status, stdout, stderr } = runReport(['--orders', '-', '--time-zone', 'UTC', '--json'], { input: exportFile([...bad, ...ROWS, ...bad.slice(0, 1)]) });
    expect(status).toBe(0);
    const lines = stderr.split('\n');
    expect(lines[0]).toBe('Line 2: Created at: “soon” is not a date and time.');
    expect(lines[19]).toBe('Line 21: Created at: “soon” is not a date and time.');
    expect(lines[20]).toBe('… and 4 more lines: 22–24, 35.');
    expect(JSON.parse(stdout).inputs).toMatchObject({ unreadable: 24, unreadableLines: [[2, 24], [35, 35]], counted: 5 });
  });

  it('reports nothing of a file in which no order counts, without failing', () => {
    const input = exportFile([anOrderRow('#1', { 'Cancelled at': '2026-03-02 10:00:00 +0000' })]);
    const { status, stdout } = runReport(['--orders', '-', '--time-zone', 'UTC', '--json'], { input });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ inputs: { orders: 1, counted: 0, firstOrderAt: null }, overall: { customers: 0, aovMinor: null } });
    const html = join(folder, 'empty.html');
    expect(runReport(['--orders', '-', '--time-zone', 'UTC', '--html', html], { input }).status).toBe(0);
    expect(readFileSync(html, 'utf8')).toContain('No order counts up to');
  });

  it('explains itself', () => {
    const { status, stdout } = runReport(['--help']);
    expect(status).toBe(0);
    for (const option of ['--orders', '--shop', '--as-of', '--time-zone', '--json', '--customers', '--html', '--count-as', '--value']) expect(stdout).toContain(option);
  });
});
