import { expect, it } from 'vitest';
import { preparedFraction, storedFraction } from '#app/domain/sync/import-progress.ts';
import type { ResourceProgress } from '#app/domain/sync/import-progress.ts';

function aPull(facts: Partial<ResourceProgress>): ResourceProgress {
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
    ...facts,
  };
}

it.each([
  { facts: { state: 'requested' }, expected: null, why: 'nothing has begun' },
  { facts: { state: 'running', objectsReported: 900 }, expected: null, why: 'Shopify still counts' },
  { facts: { objectsStored: 50, objectsRejected: 50 }, expected: 0.5, why: 'what cannot be read is dealt with too' },
  { facts: { objectsReported: 0 }, expected: 0, why: 'the file turns out to be empty' },
  { facts: { state: 'completed', objectsReported: 0 }, expected: 1, why: 'an empty history is whole' },
  { facts: { state: 'failed', objectsStored: 50 }, expected: 0.25, why: 'it had begun to store' },
  { facts: { state: 'cancelled', objectsReported: 120 }, expected: null, why: 'Shopify was still counting' },
] as const)('the share stored is $expected when $why', ({ facts, expected }) => {
  expect(storedFraction(aPull(facts))).toBe(expected);
});

it.each([
  { facts: { state: 'running', rootsPrepared: 30, rootsExpected: 120 }, expected: 0.25, why: 'a quarter is in the file' },
  { facts: { state: 'running', rootsPrepared: 121, rootsExpected: 120 }, expected: 0.99, why: 'the store sold meanwhile' },
  { facts: { state: 'running', rootsPrepared: 30, rootsExpected: null }, expected: null, why: 'the store was not counted' },
  { facts: { state: 'running', rootsPrepared: 0, rootsExpected: 0 }, expected: null, why: 'the store is empty' },
  { facts: { state: 'storing', rootsPrepared: 120, rootsExpected: 120 }, expected: null, why: 'the file is done' },
] as const)('the share prepared is $expected when $why', ({ facts, expected }) => {
  expect(preparedFraction(aPull(facts))).toBe(expected);
});
