import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { useCountingWords } from '#app/components/retention/use-counting-words.ts';
import { SectionCard } from '#app/components/section-card.tsx';
import { NumberTable } from '#app/components/tables/number-table.tsx';
import type { OfferRule } from '#app/domain/offers/offer-rule.ts';
import type { RuleResult } from '#app/domain/offers/results/sum-results.ts';
import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';
import { useRuleNames } from './use-rule-names.ts';

/** As getOfferResults gives it. */
export interface ShownResults {
  asOfMs: number;
  currency: string;
  counting: OrderCounting;
  grossMarginBasisPoints: number | null;
  rules: readonly RuleResult[];
  inOtherCurrency: number;
}

export interface ResultsCardProps {
  /** Null while the shop's currency is not known. */
  results: ShownResults | null;
  /** As saved: results stand in their order, and by their names. */
  rules: readonly OfferRule[];
  timeZone: string;
}

const BASIS_POINTS = 10_000;

/** What each rule gave, and what came of it. */
export function ResultsCard({ results, rules, timeZone }: ResultsCardProps) {
  const { t } = useTranslation('offers');
  const formats = useFormats();
  if (results === null || results.rules.length === 0) {
    return (
      <SectionCard title={t('results.title')} text={t('results.none')} notes={[]}>
        {null}
      </SectionCard>
    );
  }
  return <Results results={results} rules={rules} text={t('results.text', { at: formats.instant(results.asOfMs, timeZone) })} />;
}

function Results({ results, rules, text }: { results: ShownResults; rules: readonly OfferRule[]; text: string }) {
  const { t } = useTranslation(['offers', 'metrics']);
  const formats = useFormats();
  const { nameOf, placeOf } = useRuleNames(rules, results.currency);
  const { worth } = useCountingWords(results.counting);
  const hasMargin = results.grossMarginBasisPoints !== null;
  const none = t('metrics:none');
  const money = (amountMinor: number | null, unknown = none) => (amountMinor === null ? unknown : formats.money(amountMinor, results.currency));
  const titles = ['given', 'used', 'rate', 'revenue', 'cost', ...(hasMargin ? (['margin'] as const) : [])] as const;
  return (
    <SectionCard title={t('results.title')} text={text} notes={useNotes(results, worth)}>
      <NumberTable
        caption={t('results.caption')}
        nameTitle={t('results.rule')}
        columns={titles.map((title) => ({ title: t(`results.${title}`) }))}
        rows={[...results.rules]
          .sort((a, b) => placeOf(a.ruleId) - placeOf(b.ruleId))
          .map((result) => ({
            key: result.ruleId,
            name: nameOf(result.ruleId),
            cells: [
              formats.count(result.given),
              result.used === null ? none : formats.count(result.used),
              result.used === null || result.codes === 0 ? none : formats.percent(result.used / result.codes),
              money(result.revenueMinor),
              money(result.costMinor, t('results.unknownCost')),
              ...(hasMargin ? [money(result.marginMinor, result.costMinor === null ? t('results.unknownCost') : none)] : []),
            ],
          }))}
      />
    </SectionCard>
  );
}

function useNotes({ grossMarginBasisPoints, inOtherCurrency, rules }: ShownResults, worth: string): string[] {
  const { t } = useTranslation('offers');
  const formats = useFormats();
  const unknownCosts = rules.reduce((sum, rule) => sum + rule.unknownCosts, 0);
  return [
    t('results.notALift'),
    t('results.formula', { worth }),
    grossMarginBasisPoints === null ? t('results.noMargin') : t('results.marginFormula', { cost: formats.setPercent(1 - grossMarginBasisPoints / BASIS_POINTS) }),
    ...(unknownCosts === 0 ? [] : [t('results.freeShipping', { count: unknownCosts, number: formats.count(unknownCosts) })]),
    ...(inOtherCurrency === 0 ? [] : [t('results.otherCurrency', { count: inOtherCurrency, number: formats.count(inOtherCurrency) })]),
  ];
}
