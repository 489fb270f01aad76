import { Badge, InlineStack, Link, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import type { MemberRow } from '#app/domain/loyalty/members/member-page.ts';
import styles from './members-table.module.css';

export interface MembersTableProps {
  rows: readonly MemberRow[];
  /** By the customer's number. */
  names: Readonly<Record<string, string>>;
  timeZone: string;
  isLoading: boolean;
}

/** A row a member; on a phone a few lines. */
export function MembersTable({ rows, names, timeZone, isLoading }: MembersTableProps) {
  const { t } = useTranslation('loyaltyMembers');
  return (
    <table className={`${styles['table']} ${isLoading ? styles['isLoading'] : ''}`} aria-busy={isLoading}>
      <caption className="Polaris-Text--visuallyHidden">{t('title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('columns.member')}</th>
          <th scope="col" className={styles['number']}>{t('columns.balance')}</th>
          <th scope="col" className={styles['number']}>{t('columns.pending')}</th>
          <th scope="col">{t('columns.tier')}</th>
          <th scope="col">{t('columns.activity')}</th>
          <th scope="col">{t('columns.enrolled')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, place) => (
          // By their places: another page changes what rows say, and moves none.
          <Row key={place} row={row} timeZone={timeZone} name={row.customerId === null ? null : (names[row.customerId] ?? null)} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ row, name, timeZone }: { row: MemberRow; name: string | null; timeZone: string }) {
  const { t } = useTranslation('loyaltyMembers');
  const formats = useFormats();
  const { memberId, customerId, balancePoints, pendingPoints, tier } = row;
  const who = name ?? (customerId === null ? t('forgotten') : t('member', { id: customerId }));
  const pending = pendingPoints === 0 ? '' : formats.count(pendingPoints);
  return (
    <tr>
      <td className={styles['name']}>
        <InlineStack gap="200" blockAlign="center">
          <Link url={`/app/loyalty/members/${memberId}`} removeUnderline>
            {who}
          </Link>
          {row.isExcluded && customerId !== null ? <Badge>{t('excluded')}</Badge> : null}
        </InlineStack>
      </td>
      <td className={styles['number']}>
        {balancePoints < 0 ? (
          <Text as="span">{t('owes', { number: formats.count(-balancePoints) })}</Text>
        ) : (
          formats.count(balancePoints)
        )}
      </td>
      <td className={styles['number']}>
        {pending === '' ? null : (
          <>
            <span className={styles['onDesktop']}>{pending}</span>
            <span className={styles['onPhone']}>{t('pendingToo', { number: pending })}</span>
          </>
        )}
      </td>
      <td className={styles['onDesktop']}>{tier ?? ''}</td>
      <td>
        <span className={styles['onPhone']}>{tier === null ? '' : `${tier} · `}</span>
        {formats.day(formatDay(dayOfInstant(row.lastActivityMs, timeZone)))}
      </td>
      <td className={styles['onDesktop']}>{formats.day(formatDay(dayOfInstant(row.enrolledAtMs, timeZone)))}</td>
    </tr>
  );
}
