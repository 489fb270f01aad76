import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { writeReportPage } from '#app/commands/report/page/report-page.tsx';
import { computePrintedReport } from '#app/commands/report/compute-report.ts';
import { loadOrdersFile } from '#app/commands/report/load-orders-file.ts';
import { parseReportOptions } from '#app/commands/report/report-options.ts';
import type { ReportOptions } from '#app/commands/report/report-options.ts';
import { tellReport } from '#app/commands/report/sections/told-report.ts';
import { anOrderRow, exportFile } from '#test/support/orders-export-file.ts';
import type { ExportRow } from '#test/support/orders-export-file.ts';
import { temporaryFolder } from '#test/support/run-report.ts';

/** 2027-01-01. */
const TODAY = 20_819;

let folder: string;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function pageOf(rows: readonly ExportRow[], ...words: string[]): Promise<string> {
  const path = join(folder, 'orders.csv');
  writeFileSync(path, exportFile(rows));
  const options = parseReportOptions(['--orders', path, '--time-zone', 'UTC', ...words], folder) as ReportOptions;
  const quiet = { say: () => {}, progress: { note: () => {}, begin: () => {}, end: () => {} } };
  const { report } = computePrintedReport(await loadOrdersFile(options, quiet), options, { today: TODAY, onStep: () => {} });
  return writeReportPage(tellReport(report, options.language));
}

/** 600 customers over a year: everybody's gap is 30 to 40 days, and each has one to four orders. */
const MANY = Array.from({ length: 600 }, (_, customer) =>
  Array.from({ length: 1 + (customer % 4) }, (_, order) => {
    const day = (customer % 300) + order * (30 + (customer % 11));
    const at = new Date(Date.UTC(2025, 0, 1 + day, 12)).toISOString().replace('T', ' ').replace('.000Z', ' +0000');
    return anOrderRow(`#${customer * 10 + order}`, { Email: `c${customer}@example.com`, 'Created at': at, Subtotal: `${20 + (customer % 7)}.50` });
  }),
).flat();

describe('the report as a page', () => {
  it('is one file that runs nothing and fetches nothing', async () => {
    const page = await pageOf(MANY);
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\bon\w+="|url\(|@import|https?:/i);
    expect(page).toContain('default-src &#x27;none&#x27;');
  });

  it('has a chart with its table and definitions for what it shows, in both languages', async () => {
    for (const [language, words] of [
      ['en', ['Who comes back', 'Repeat purchase rate', 'How it is counted', 'Champions', 'What to expect', 'Jan 2025', 'Off per customer, root mean square']],
      ['zh-CN', ['谁会再次购买', '复购率', '计算方法', '最佳客户', '未来预期', '2025年1月', '每位客户的均方根误差']],
    ] as const) {
      const page = await pageOf(MANY, '--language', language);
      expect(page).toContain(`<html lang="${language}">`);
      for (const word of words) expect(page).toContain(word);
      // Wide and narrow of: months, average curve, second orders, gaps, worth, groups, states.
      expect(page.match(/<svg /g)?.length).toBeGreaterThanOrEqual(14);
      expect(page.match(/<svg [^>]*role="img" aria-label="[^"]+"/g)?.length).toBe(page.match(/<svg /g)?.length);
      expect(page.match(/<table/g)?.length).toBeGreaterThanOrEqual(12);
      expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
    }
  });

  it('shows names of products as text, whatever is in them', async () => {
    const rows = MANY.map((row) => ({ ...row, 'Lineitem name': '<b onclick="x">Tea & "Cup"</b>' }));
    const page = await pageOf(rows);
    expect(page).toContain('&lt;b onclick=&quot;x&quot;&gt;Tea &amp; &quot;Cup&quot;&lt;/b&gt;');
    expect(page).not.toContain('<b onclick');
  });

  it.each([
    ['one order of a guest', [anOrderRow('#1', { Email: '' })], []],
    ['one customer with one order', [anOrderRow('#1')], []],
    ['yen and weeks', MANY.map((row) => ({ ...row, Currency: 'JPY', Subtotal: '1500', Total: '1500' })), ['--period', 'week']],
    ['periods of each customer’s own', MANY, ['--period', 'rolling30']],
    ['an as-of day before every order', MANY, ['--as-of', '2020-01-01']],
  ])('is whole for %s', async (_, rows, words) => {
    const page = await pageOf(rows, ...words);
    expect(page).toContain('</html>');
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  it('names months in which nobody was new', async () => {
    const page = await pageOf([anOrderRow('#1'), anOrderRow('#2', { 'Created at': '2026-06-01 10:00:00 +0000' })]);
    for (const month of ['Mar 2026', 'Apr 2026', 'May 2026', 'Jun 2026']) expect(page).toContain(`>${month}</th>`);
  });
});
