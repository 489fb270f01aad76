import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { hasFreeShippingNow, isChangedByHand, planFreeShipping } from '#app/domain/loyalty/perks/free-shipping.ts';
import type { FreeShippingState } from '#app/domain/loyalty/perks/free-shipping.ts';
import { freeShippingTitle } from '#app/domain/loyalty/perks/free-shipping-title.ts';
import { SHOPPER_LOCALES } from '#app/domain/texts/surfaces.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 12);
const DAY_MS = 86_400_000;
const state: FreeShippingState = {
  ...{ phase: 'in-force', query: '', segmentGid: 'segment', discountGid: 'discount' },
  ...{ endsAtMs: NOW_MS + 20 * DAY_MS, tierIds: ['gold'], trouble: null, lookAtMs: 0 },
};
const level = { id: 'gold', name: 'Gold', threshold: 0, factorBasisPoints: 10_000, entryPoints: null, hasFreeShipping: true, tag: null };
const tiers = { basis: 'points', window: 'lifetime', graceDays: 0, levels: [level] } as const;

it('buyers read what the loyalty page says, in each language, and English in any other', () => {
  for (const locale of SHOPPER_LOCALES) {
    const file = `extensions/perennial-loyalty-page/locales/${locale === 'en' ? 'en.default' : locale}.json`;
    const words = JSON.parse(readFileSync(file, 'utf8')) as { rewardFreeShipping: string };
    expect(freeShippingTitle(locale)).toBe(words.rewardFreeShipping);
  }
  expect([freeShippingTitle('de-AT'), freeShippingTitle('sv'), freeShippingTitle(null)]).toEqual(['Kostenloser Versand', 'Free shipping', 'Free shipping']);
});

it.each([
  ['deleted', null, true],
  ['as it was', { isActive: true, endsAtMs: state.endsAtMs, segmentGids: ['segment', 'another'] }, false],
  ['with the end in whole seconds', { isActive: true, endsAtMs: state.endsAtMs - 999, segmentGids: ['segment'] }, false],
  ['without an end', { isActive: true, endsAtMs: null, segmentGids: ['segment'] }, false],
  ['ended earlier', { isActive: false, endsAtMs: NOW_MS - 1, segmentGids: ['segment'] }, true],
  ['to begin later', { isActive: false, endsAtMs: state.endsAtMs, segmentGids: ['segment'] }, true],
  ['for another segment', { isActive: true, endsAtMs: state.endsAtMs, segmentGids: ['another'] }, true],
])('a discount that is %s: changed by hand or not', (_what, found, isByHand) => {
  expect(isChangedByHand(found, state, NOW_MS)).toBe(isByHand);
});

it('one that ran out by itself was changed by nobody', () => {
  const laterMs = state.endsAtMs + DAY_MS;
  expect(isChangedByHand({ isActive: false, endsAtMs: state.endsAtMs, segmentGids: ['segment'] }, state, laterMs)).toBe(false);
  expect([hasFreeShippingNow(state, 'gold', NOW_MS), hasFreeShippingNow(state, 'gold', laterMs), hasFreeShippingNow(null, 'gold', NOW_MS)]).toEqual([true, false, false]);
});

it.each([
  ['live', { kind: 'live' }, true],
  ['paused', { kind: 'paused' }, true],
  ['off', { kind: 'off' }, false],
  ['being wound down', { kind: 'winding-down', lastRedemptionDay: Math.floor(NOW_MS / DAY_MS) }, true],
  ['wound down', { kind: 'winding-down', lastRedemptionDay: Math.floor(NOW_MS / DAY_MS) - 1 }, false],
] as const)('a program that is %s gives it or not', (_what, status, gives) => {
  expect(planFreeShipping({ program: { status, tiers }, isTagging: false, nowMs: NOW_MS, timeZone: 'UTC' }) !== null).toBe(gives);
});
