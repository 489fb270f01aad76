import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { ToldLine, ToldOrder } from '#app/domain/loyalty/members/told-entry.ts';
import { isolated } from './isolated.ts';
import { usePointsWords } from './use-points-words.ts';

const ONCE = 10_000;

/** How an order's points came about: the rate in a line, then what each line earned by which rule, bonus and limit. */
export function useOrderReasonWords(): (order: ToldOrder) => { rate: string[]; lines: string[] } {
  const { t } = useTranslation('loyaltyMembers');
  const formats = useFormats();
  const pointsOf = usePointsWords();
  return (order) => {
    if (order.code !== 'order-earned') return { rate: [t(`why.reasons.${order.code}`)], lines: [] };
    const { currency, lines, bonus, nextBonusMinor, cappedAtPoints } = order;
    // Where every line earns by the rate alone, the rate has said it all.
    const isPlain = bonus === null && nextBonusMinor === null && cappedAtPoints === null && lines.every(({ rule }) => rule === 'usual');
    const told = lines.map((line) =>
      t('details.line', {
        title: line.title === null ? t('details.rest') : isolated(line.title) || t('details.product'),
        value: formats.money(line.baseMinor, currency),
        rule: ruleOf(line),
        points: pointsOf(line.points),
      }),
    );
    return {
      rate: [t('details.rate', rateOf(formats, pointsOf, order))],
      lines: isPlain
        ? []
        : [
            ...told,
            ...(lines.length === 1 ? [] : [t('details.rounded')]),
            ...(nextBonusMinor === null ? [] : [t('details.noBonus', { minimum: formats.money(nextBonusMinor, currency) })]),
            ...(bonus === null ? [] : [t('details.bonus', { minimum: formats.money(bonus.minimumMinor, currency), points: pointsOf(bonus.points) })]),
            ...(cappedAtPoints === null ? [] : [`${t('details.capped', { points: pointsOf(cappedAtPoints) })}. ${t('details.capShare')}`]),
          ],
    };
  };

  function ruleOf({ rule, ruleName: typed, factorBasisPoints }: ToldLine): string {
    const ruleName = isolated(typed);
    const factor = String(factorBasisPoints / ONCE);
    switch (rule) {
      case 'usual':
        return t('details.usual');
      case 'gift-card':
        return t('details.giftCard');
      case 'tier':
        return t('details.tier', { name: ruleName || t('details.unnamedTier'), factor });
      case 'multiplier': {
        const name = ruleName || t('details.unnamed');
        return factorBasisPoints === 0 ? t('details.excludedLine', { name }) : t('details.multiplier', { name, factor });
      }
    }
  }
}

type RateShown = Extract<ToldOrder, { code: 'order-earned' }>;

export function rateOf(
  formats: ReturnType<typeof useFormats>,
  pointsOf: (points: number) => string,
  { valueMinor, currency, ratePoints, ratePerMinor }: Pick<RateShown, 'valueMinor' | 'currency' | 'ratePoints' | 'ratePerMinor'>,
): { value: string; points: string; per: string } {
  return { value: formats.money(valueMinor, currency), points: pointsOf(ratePoints), per: formats.money(ratePerMinor, currency) };
}
