import { expect, it } from 'vitest';
import { importedFraction, unreadRecords } from '#app/domain/sync/import-progress.ts';
import type { ResourceProgress } from '#app/domain/sync/import-progress.ts';

function anImport(facts: Partial<ResourceProgress>): ResourceProgress {
  return {
    resource: 'orders',
    state: 'storing',
    rootsPrepared: 0,
    rootsExpected: null,
    objectsReported: 200,
    objectsStored: 0,
    objectsRejected: 0,
    recordsKept: 0,
    requestedAtMs: 0,
    startedAtMs: null,
    finishedAtMs: null,
    errorCode: null,
    errorDetail: null,
    ...facts,
  };
}

it.each([
  { facts: { state: 'requested' }, expected: null, why: 'nothing has begun' },
  { facts: { state: 'running', objectsReported: 900 }, expected: null, why: 'the store was not counted' },
  { facts: { state: 'running', rootsPrepared: 0, rootsExpected: 0 }, expected: null, why: 'the store is empty' },
  { facts: { state: 'running', rootsPrepared: 30, rootsExpected: 120 }, expected: 0.125, why: 'a quarter is in the file' },
  { facts: { state: 'running', rootsPrepared: 121, rootsExpected: 120 }, expected: 0.495, why: 'the store sold meanwhile' },
  { facts: { rootsPrepared: 120, rootsExpected: 120 }, expected: 0.5, why: 'the file is done' },
  { facts: { objectsStored: 50, objectsRejected: 50 }, expected: 0.75, why: 'what cannot be read is dealt with too' },
  { facts: { objectsReported: 0 }, expected: 0.5, why: 'the file turns out to be empty' },
  { facts: { state: 'completed', objectsReported: 0 }, expected: 1, why: 'an empty history is whole' },
  { facts: { state: 'failed', objectsStored: 50 }, expected: 0.625, why: 'it had begun to store' },
  { facts: { state: 'cancelled', objectsReported: 120 }, expected: null, why: 'it was stopped before anything was counted' },
  { facts: { state: 'cancelled', rootsPrepared: 30, rootsExpected: 120 }, expected: 0.125, why: 'it was stopped on the way' },
] as const)('the share imported is $expected when $why', ({ facts, expected }) => {
  expect(importedFraction(anImport(facts))).toBe(expected);
});

it('the share imported never goes back on the way from the first record to the last', () => {
  const onTheWay = [
    ...[0, 60, 119, 125].map((rootsPrepared) => ({ state: 'running', rootsPrepared, rootsExpected: 120 }) as const),
    ...[0, 1, 100, 200].map((objectsStored) => ({ state: 'storing', objectsStored }) as const),
    { state: 'completed' } as const,
  ];
  const shares = onTheWay.map((facts) => importedFraction(anImport(facts)) ?? Number.NaN);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  expect(shares.at(-1)).toBe(1);
});

it('names the first ten records that could not be read, and counts the others', () => {
  const errorDetail = Array.from({ length: 20 }, (_, index) => `line ${index + 1}: no id: at all`).join('\n');
  const { shown, more } = unreadRecords(anImport({ errorDetail, objectsRejected: 33 }));
  expect(shown).toHaveLength(10);
  expect(shown[9]).toEqual({ line: 10, problem: 'no id: at all' });
  expect(more).toBe(23);
});

it('takes what Shopify said of a refusal for no record', () => {
  expect(unreadRecords(anImport({ errorDetail: 'Access denied for orders' }))).toEqual({ shown: [], more: 0 });
});
