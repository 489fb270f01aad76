import { Card } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { Fact, Facts } from '#app/components/loyalty/facts.tsx';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import type { MemberPage } from '#app/domain/loyalty/members/member-page.ts';

export type MemberFactsProps = Pick<
  MemberPage,
  'balancePoints' | 'pendingPoints' | 'reservedPoints' | 'maturesNext' | 'expiresNext' | 'tier' | 'enrolledAtMs' | 'timeZone'
>;

/** Where a member's points stand. */
export function MemberFacts({ balancePoints, pendingPoints, reservedPoints, maturesNext, expiresNext, tier, enrolledAtMs, timeZone }: MemberFactsProps) {
  const { t } = useTranslation('loyaltyMembers');
  const formats = useFormats();
  const owes = balancePoints < 0;
  const instant = maturesNext === null ? '' : formats.instant(maturesNext.atMs, timeZone);
  const pendingUntil = () => {
    if (maturesNext === null) return t('facts.noPending');
    return maturesNext.points === pendingPoints ? t('facts.pendingAll', { instant }) : t('facts.pendingText', { points: formats.count(maturesNext.points), instant });
  };
  const since = t('facts.since', { day: formats.day(formatDay(dayOfInstant(enrolledAtMs, timeZone))) });
  return (
    <Card>
      <Facts>
        <Fact term={owes ? t('facts.owed') : t('facts.balance')} value={formats.count(Math.abs(balancePoints))} texts={owes ? [t('facts.owedText')] : []} />
        <Fact term={t('facts.pending')} value={formats.count(pendingPoints)} texts={[pendingUntil()]} />
        <Fact term={t('facts.reserved')} value={formats.count(reservedPoints)} texts={[reservedPoints === 0 ? t('facts.noReserved') : t('facts.reservedText')]} />
        <Fact
          term={t('facts.expires')}
          value={expiresNext === null ? t('facts.never') : formats.count(expiresNext.points)}
          texts={[expiresNext === null ? t('facts.neverText') : t('facts.expiresOn', { day: formats.day(expiresNext.day) })]}
        />
        <Fact term={t('facts.tier')} value={tier ?? t('facts.noTiers')} texts={[since]} />
      </Facts>
    </Card>
  );
}
