import { ANYBODY } from './offer-rule.ts';
import type { OfferRule } from './offer-rule.ts';

/** The rule of a shop that has saved none since there are rules: its terms stand in its settings. */
export const FIRST_RULE_ID = '00000000-0000-4000-8000-000000000001';

/** Terms as they were saved before there were rules. */
export interface FirstTerms {
  readonly percentBasisPoints: number;
  readonly validDays: number;
  readonly minimumSubtotalMinor: number;
  readonly audience: 'first-order' | 'every-order';
}

export function firstRule({ percentBasisPoints, validDays, minimumSubtotalMinor, audience }: FirstTerms): OfferRule {
  return {
    ruleId: FIRST_RULE_ID,
    name: '',
    isEnabled: true,
    conditions: { ...ANYBODY, orders: audience === 'first-order' ? 'first' : 'any' },
    grant: { kind: 'percent', basisPoints: percentBasisPoints },
    minimumSubtotalMinor,
    validity: { kind: 'days', days: validDays },
  };
}
