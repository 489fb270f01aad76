import v8 from 'node:v8';
import { runInNewContext } from 'node:vm';

import { expect, it } from 'vitest';

import { RecentParents } from '#app/services/sync/import/recent-parents.ts';

const idOf = (number: number) => `gid://shopify/Order/${number}`;

it('knows the parents that came last, and not those of long ago', () => {
  const parents = new RecentParents();
  for (let number = 1; number <= 60_000; number += 1) parents.add(idOf(number));
  expect(parents.has(idOf(60_000))).toBe(true);
  expect(parents.has(idOf(35_001))).toBe(true);
  expect(parents.has(idOf(1))).toBe(false);
  expect(parents.has('gid://shopify/Order/6000')).toBe(false);
});

it('holds ids and not the lines that they stood in', () => {
  v8.setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const parents = new RecentParents();
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let number = 1; number <= 20_000; number += 1) {
    const line = Buffer.from(`{"id":"${idOf(1e12 + number)}","name":"${'x'.repeat(2_000)}"}`).toString('latin1');
    parents.add(/"id":"([^"]*)"/.exec(line)?.[1]);
  }
  collect();
  expect(parents.has(idOf(1e12 + 1))).toBe(true);
  expect((process.memoryUsage().heapUsed - before) / 2 ** 20).toBeLessThan(10);
});
