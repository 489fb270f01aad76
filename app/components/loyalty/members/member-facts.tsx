import { Card, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import type { MemberPage } from '#app/domain/loyalty/members/member-page.ts';
import styles from './member-facts.module.css';

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
      <dl className={styles['facts']}>
        <Fact term={owes ? t('facts.owed') : t('facts.balance')} value={formats.count(Math.abs(balancePoints))} text={owes ? t('facts.owedText') : null} />
        <Fact term={t('facts.pending')} value={formats.count(pendingPoints)} text={pendingUntil()} />
        <Fact term={t('facts.reserved')} value={formats.count(reservedPoints)} text={reservedPoints === 0 ? t('facts.noReserved') : t('facts.reservedText')} />
        <Fact
          term={t('facts.expires')}
          value={expiresNext === null ? t('facts.never') : formats.count(expiresNext.points)}
          text={expiresNext === null ? t('facts.neverText') : t('facts.expiresOn', { day: formats.day(expiresNext.day) })}
        />
        <Fact term={t('facts.tier')} value={tier ?? t('facts.noTiers')} text={since} />
      </dl>
    </Card>
  );
}

function Fact({ term, value, text }: { term: string; value: string; text: string | null }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>
        <Text as="p" variant="headingLg">{value}</Text>
        {text === null ? null : <Text as="p" variant="bodySm" tone="subdued">{text}</Text>}
      </dd>
    </div>
  );
}
