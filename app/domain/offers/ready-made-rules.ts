import { ANYBODY } from './offer-rule.ts';
import type { OfferRule } from './offer-rule.ts';

export const READY_MADE_RULES = ['first-timers', 'vip', 'flash'] as const;
export type ReadyMadeRule = (typeof READY_MADE_RULES)[number];

/**
 * What most shops begin with.
 *
 * @param topTierId the highest of the loyalty program, to whose members the best offer goes; without one, to the VIP segment
 */
export function readyMadeRule(kind: ReadyMadeRule, topTierId: string | null): Omit<OfferRule, 'ruleId' | 'name'> {
  const base = { isEnabled: true, minimumSubtotalMinor: 0 };
  switch (kind) {
    case 'first-timers':
      return { ...base, conditions: { ...ANYBODY, orders: 'first' }, grant: { kind: 'percent', basisPoints: 1_500 }, validity: { kind: 'days', days: 30 } };
    case 'vip':
      return {
        ...base,
        conditions: topTierId === null ? { ...ANYBODY, segments: ['vip'] } : { ...ANYBODY, tiers: [topTierId] },
        grant: { kind: 'percent', basisPoints: 2_000 },
        validity: { kind: 'days', days: 30 },
      };
    case 'flash':
      return { ...base, conditions: ANYBODY, grant: { kind: 'percent', basisPoints: 1_000 }, validity: { kind: 'hours', hours: 48 } };
  }
}
