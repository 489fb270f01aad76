import { ANYBODY } from '#app/domain/offers/offer-rule.ts';
import type { OfferRule } from '#app/domain/offers/offer-rule.ts';
import { DEFAULT_OFFER_SETTINGS } from '#app/domain/offers/offer-settings.ts';
import type { OfferSettings } from '#app/domain/offers/offer-settings.ts';

/** 15 % for everybody, for 30 days. */
export function aRule(changes: Partial<OfferRule> = {}): OfferRule {
  return {
    ruleId: '11111111-1111-4111-8111-111111111111',
    name: '',
    isEnabled: true,
    conditions: ANYBODY,
    grant: { kind: 'percent', basisPoints: 1_500 },
    minimumSubtotalMinor: 0,
    validity: { kind: 'days', days: 30 },
    ...changes,
  };
}

/** Offers that are on, with these rules, for customers who may hold any number of codes. */
export function offering(rules: readonly OfferRule[] = [aRule()], changes: Partial<OfferSettings> = {}): OfferSettings {
  return { ...DEFAULT_OFFER_SETTINGS, isEnabled: true, mostOpenCodes: 20, rules, ...changes };
}
