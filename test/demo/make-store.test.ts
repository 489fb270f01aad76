import { afterEach, beforeEach, expect, it } from 'vitest';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeProblems, makeExportedStore, makeGeneratedStore } from './make-store.ts';
import { UsageError } from './usage-error.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'perennial-make-store-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function listen() {
  const said: string[] = [];
  const progress = { say: (text: string) => void said.push(text), warn: (text: string) => void said.push(text) };
  return { said, reporting: { progress, logsDir: join(folder, 'logs') } };
}

const problemAt = (line: number) => ({ line, message: 'Total: “x” is not an amount.' });
const numbers = (length: number) => Array.from({ length }, (_, index) => index + 2);

it('shows the first ten problems of an export with their lines, and how many more there are', () => {
  const lines = describeProblems('orders.csv', {
    problems: numbers(14).map(problemAt),
    problemCount: 1_234,
    ordersLeftOut: 1,
    linesLeftOut: 1_230,
  }, '/logs/problems.log');
  expect(lines[0]).toBe('  orders.csv: 1,234 problems; left out: 1 order and 1,230 lines');
  expect(lines).toHaveLength(12);
  expect(lines[1]).toContain('line 2: Total');
  expect(lines[11]).toContain('1,224 more, listed in /logs/problems.log');
});

it('lists every problem in a file when they are more than it says, and names the days in the zone of the shop', async () => {
  const { said, reporting } = listen();
  const rows = ['Name,Created at,Financial Status,Currency,Lineitem quantity,Lineitem price'];
  for (const line of numbers(12)) rows.push(`#${line},2024-01-31 23:30:00 +0000,paid,JPY,some,100`);
  const file = join(folder, 'orders.csv');
  writeFileSync(file, rows.join('\n'));
  await makeExportedStore(file, { kind: 'orders-export', fileName: 'orders.csv', sha256: 'aa', timeZone: 'Asia/Tokyo' }, reporting);
  const listed = readFileSync(join(folder, 'logs', 'orders-export-problems.log'), 'utf8').trimEnd().split('\n');
  expect(listed.map((line) => line.split(':')[0])).toEqual(numbers(12).map((line) => `line ${line}`));
  expect(said.join('\n')).toContain('2 more, listed in');
  expect(said.join('\n')).toContain('2024-02-01 to 2024-02-01');
});

it('says nothing of an export without problems', () => {
  expect(describeProblems('orders.csv', { problems: [], problemCount: 0, ordersLeftOut: 0, linesLeftOut: 0 }, null)).toEqual([]);
});

it('refuses a file in which there is no order, naming the flag', async () => {
  const { said, reporting } = listen();
  const source = { kind: 'orders-export', fileName: 'package.json', sha256: 'aa' } as const;
  await expect(makeExportedStore('package.json', source, reporting)).rejects.toThrow(/--orders: no order/);
  expect(said.join('\n')).toMatch(/line 1/);
});

it('refuses a currency that the made-up store has no prices in, naming the flag', () => {
  const source = { kind: 'generated', orders: 5, currency: 'XOF', asOf: '2026-01-01T00:00:00Z' } as const;
  expect(() => makeGeneratedStore(source)).toThrow(UsageError);
  expect(() => makeGeneratedStore(source)).toThrow(/--currency/);
});
