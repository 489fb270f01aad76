import { describe, expect, it } from 'vitest';

import { deriveRetryMs, judgeGiven, judgeUngiven } from '#app/domain/shopper/judge-order-points.ts';
import type { UngivenOrder } from '#app/domain/shopper/judge-order-points.ts';

describe('what an order gave', () => {
  it.each([
    [100, 1001, { state: 'ready', points: 100, standing: 'pending', spendableFromMs: 1001 }],
    [100, 1000, { state: 'ready', points: 100, standing: 'spendable', spendableFromMs: null }],
    [0, 2000, { state: 'none' }],
    [-5, 2000, { state: 'none' }],
  ])('%i points that mature at %i', (points, maturesAtMs, verdict) => {
    expect(judgeGiven({ points, maturesAtMs }, 1000)).toEqual(verdict);
  });
});

describe('an order without an entry', () => {
  const certain = { targetPoints: 50, leastPoints: 50 };
  const order: UngivenOrder = { award: { ...certain, reason: { code: 'order-earned' } }, promised: certain, isOfGuest: false, isAwarded: false };
  const without = (code: 'order-not-paid' | 'order-not-fulfilled' | 'order-cancelled' | 'before-start') => ({ targetPoints: 0, leastPoints: 0, reason: { code } });
  it.each<[string, Partial<UngivenOrder>, unknown]>([
    ['waits for the worker', {}, { state: 'pending', isPromised: true }],
    ['that the worker has come to has none', { isAwarded: true }, { state: 'none' }],
    ['of a guest can be claimed', { isOfGuest: true, isAwarded: true }, { state: 'ready', points: 50, standing: 'claimable', spendableFromMs: null }],
    ['of no program has none', { award: null }, { state: 'none' }],
    ['that is not paid yet is promised its points', { award: without('order-not-paid'), isAwarded: true }, { state: 'ready', points: 50, standing: 'pending', spendableFromMs: null }],
    ['of a guest that is not sent yet is promised its points', { award: without('order-not-fulfilled'), isOfGuest: true }, { state: 'ready', points: 50, standing: 'claimable', spendableFromMs: null }],
    ['that nobody pays for any more has none', { award: without('order-not-paid'), promised: null }, { state: 'none' }],
    ['that would earn nothing has none', { award: without('order-not-paid'), promised: { targetPoints: 0, leastPoints: 0 } }, { state: 'none' }],
    ['that earns some whatever its collections hold is promised points', { award: { targetPoints: 50, leastPoints: 20, reason: { code: 'order-earned' } } }, { state: 'pending', isPromised: true }],
    ['that earns none if its collections are left out is promised nothing', { award: { targetPoints: 50, leastPoints: 0, reason: { code: 'order-earned' } } }, { state: 'pending', isPromised: false }],
    ['that is not paid yet and whose number is open is told none', { award: without('order-not-paid'), promised: { targetPoints: 50, leastPoints: 20 } }, { state: 'pending', isPromised: true }],
    ['that is not paid yet and may earn none is promised nothing', { award: without('order-not-paid'), promised: { targetPoints: 50, leastPoints: 0 } }, { state: 'pending', isPromised: false }],
    ['of a guest is told of what is certain', { award: { targetPoints: 50, leastPoints: 20, reason: { code: 'order-earned' } }, isOfGuest: true }, { state: 'ready', points: 20, standing: 'claimable', spendableFromMs: null }],
    ['of a guest of whom nothing is certain has none', { award: { targetPoints: 50, leastPoints: 0, reason: { code: 'order-earned' } }, isOfGuest: true }, { state: 'none' }],
    ['that was cancelled has none', { award: without('order-cancelled') }, { state: 'none' }],
    ['of before the program has none', { award: without('before-start') }, { state: 'none' }],
  ])('%s', (_name, change, verdict) => {
    expect(judgeUngiven({ ...order, ...change })).toEqual(verdict);
  });
});

it.each([[-5000, 500], [0, 500], [1000, 500], [4001, 2001], [30_000, 15_000], [1e12, 15_000]])('after %i ms it is asked again in %i', (waitedMs, retryMs) => {
  expect(deriveRetryMs(waitedMs)).toBe(retryMs);
});
