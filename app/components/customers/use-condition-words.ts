import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useCutWords } from '#app/components/cohorts/use-cut-words.ts';
import type { CutWords } from '#app/components/cohorts/use-cut-words.ts';
import { useFormats } from '#app/components/formats.tsx';
import type { Formats } from '#app/components/formats.tsx';
import { ORDER_DIMENSIONS } from '#app/domain/retention/columns/order-columns.ts';
import { LIFECYCLE_STAGES, LIFECYCLE_STATES, RFM_GROUPS } from '#app/domain/retention/report/report.ts';
import { unitOf } from './range-number.ts';
import type { ChoiceField, Condition, RangeCondition, RangeField } from '#app/domain/segments/segment.ts';
import { readUrgencyChoice } from '#app/domain/segments/urgency-choice.ts';

export interface ConditionWords {
  /** `Spent: €50.00 or more` */
  condition: (condition: Condition) => string;
  choice: (field: ChoiceField, value: string | null) => string;
}

export interface ConditionNames {
  currency: string;
  /** By code, as `countryNamesOf` made them on the server. */
  countryNames: Readonly<Record<string, string>>;
  /** By key, of the products that conditions name. */
  productTitles: Readonly<Record<string, string>>;
  /** By id. */
  tierNames: Readonly<Record<string, string>>;
}

/** What the conditions of a segment are called. */
export function useConditionWords({ currency, countryNames, productTitles, tierNames }: ConditionNames): ConditionWords {
  const { t } = useTranslation(['customers', 'groups', 'metrics']);
  const formats = useFormats();
  const cutWords = useCutWords(countryNames);
  return useMemo(() => conditionWords({ t, formats, cutWords, currency, productTitles, tierNames }), [t, formats, cutWords, currency, productTitles, tierNames]);
}

interface Words {
  t: TFunction<['customers', 'groups', 'metrics']>;
  formats: Formats;
  cutWords: CutWords;
  currency: string;
  productTitles: Readonly<Record<string, string>>;
  tierNames: Readonly<Record<string, string>>;
}

function conditionWords({ t, formats, cutWords, currency, productTitles, tierNames }: Words): ConditionWords {
  const choice = (field: ChoiceField, value: string | null): string => {
    if (value === null) return field === 'tier' ? cutWords.value(field, value) : t('notKnown');
    const group = RFM_GROUPS.find((known) => field === 'rfmGroup' && known === value);
    if (group !== undefined) return t(`groups:${group}.name`);
    const state = LIFECYCLE_STATES.find((known) => field === 'state' && known === value);
    if (state !== undefined) return t(`states.${state}`);
    const stage = LIFECYCLE_STAGES.find((known) => field === 'stage' && known === value);
    if (stage !== undefined) return t(`stages.${stage}`);
    const asked = field === 'replenishment' ? readUrgencyChoice(value) : null;
    if (asked !== null) {
      const { urgency, product } = asked;
      return product === null ? t(`urgencies.${urgency}`) : t(`urgenciesFor.${urgency}`, { product: productTitles[product] ?? product });
    }
    const dimension = ORDER_DIMENSIONS.find((known) => known === field);
    if (dimension !== undefined) return cutWords.value(dimension, value);
    if (field === 'tier') return tierNames[value] ?? value;
    return field === 'firstProduct' ? (productTitles[value] ?? value) : value;
  };
  const number = (field: RangeField, value: number): string => {
    if (unitOf(field) === 'money') return formats.money(value, currency);
    if (field === 'pAlive') return formats.wholePercent(value);
    return field === 'expectedOrders365' ? formats.ratio(value) : formats.count(value);
  };
  const range = ({ field, from, to }: RangeCondition): string => {
    const words = { field: t(`fields.${field}`), from: from === null ? '' : number(field, from), to: to === null ? '' : number(field, to) };
    if (from !== null && from === to) return t('conditions.exactly', words);
    if (from !== null && to !== null) return t('conditions.between', words);
    return from === null ? t('conditions.atMost', words) : t('conditions.atLeast', words);
  };
  return {
    choice,
    condition: (condition) => {
      if (condition.kind === 'range') return range(condition);
      const values = condition.anyOf.map((value) => choice(condition.field, value)).join(t('metrics:separator'));
      return t('conditions.oneOf', { field: t(`fields.${condition.field}`), values });
    },
  };
}
