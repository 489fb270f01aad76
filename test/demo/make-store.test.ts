import { expect, it } from 'vitest';
import { describeProblems, makeExportedStore, makeGeneratedStore } from './make-store.ts';
import { UsageError } from './usage-error.ts';

const problemAt = (line: number) => ({ line, message: 'Total: “x” is not an amount.' });
const numbers = (length: number) => Array.from({ length }, (_, index) => index + 2);

it('shows the first ten problems of an export with their lines, and how many more there are', () => {
  const lines = describeProblems('orders.csv', {
    problems: numbers(14).map(problemAt),
    problemCount: 1_234,
    ordersLeftOut: 1,
    linesLeftOut: 1_230,
  });
  expect(lines[0]).toBe('  orders.csv: 1,234 problems; left out: 1 order and 1,230 lines');
  expect(lines).toHaveLength(12);
  expect(lines[1]).toContain('line 2: Total');
  expect(lines[11]).toContain('1,224 more');
});

it('says nothing of an export without problems', () => {
  expect(describeProblems('orders.csv', { problems: [], problemCount: 0, ordersLeftOut: 0, linesLeftOut: 0 })).toEqual([]);
});

it('refuses a file in which there is no order, naming the flag', async () => {
  const said: string[] = [];
  const progress = { say: (text: string) => void said.push(text), warn: (text: string) => void said.push(text) };
  const source = { kind: 'orders-export', fileName: 'package.json', sha256: 'aa' } as const;
  await expect(makeExportedStore('package.json', source, progress)).rejects.toThrow(/--orders: no order/);
  expect(said.join('\n')).toMatch(/line 1/);
});

it('refuses a currency that the made-up store has no prices in, naming the flag', () => {
  const source = { kind: 'generated', orders: 5, currency: 'XOF', asOf: '2026-01-01T00:00:00Z' } as const;
  expect(() => makeGeneratedStore(source)).toThrow(UsageError);
  expect(() => makeGeneratedStore(source)).toThrow(/--currency/);
});
