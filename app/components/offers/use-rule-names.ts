import { useTranslation } from 'react-i18next';

import type { OfferRule } from '#app/domain/offers/offer-rule.ts';
import { useRuleWords } from './use-rule-words.ts';

const NO_CHOICES = { segments: [], tiers: [], countries: [] };

export interface RuleNames {
  /** With its place; what is said of every rule that is gone. */
  nameOf(ruleId: string): string;
  /** For sorting: rules that are gone come last. */
  placeOf(ruleId: string): number;
}

/** How results call rules. */
export function useRuleNames(rules: readonly OfferRule[], currency: string): RuleNames {
  const { t } = useTranslation('offers');
  const words = useRuleWords(currency, NO_CHOICES);
  const indexOf = (ruleId: string) => rules.findIndex((rule) => rule.ruleId === ruleId);
  return {
    nameOf(ruleId) {
      const place = indexOf(ruleId);
      const rule = rules[place];
      return rule === undefined ? t('results.removed') : t('rules.number', { place: String(place + 1), name: words.title(rule) });
    },
    placeOf: (ruleId) => (indexOf(ruleId) + rules.length + 1) % (rules.length + 1),
  };
}
