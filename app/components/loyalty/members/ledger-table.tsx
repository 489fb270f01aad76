import { Link } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { ToldEntry } from '#app/domain/loyalty/members/told-entry.ts';
import styles from './ledger-table.module.css';
import { useEntryWords } from './use-entry-words.ts';
import type { EntryWordsInput } from './use-entry-words.ts';

export interface LedgerTableProps extends EntryWordsInput {
  entries: readonly ToldEntry[];
}

/** What happened, what it changed and what it left; on a phone below each other. */
export function LedgerTable({ entries, ...shown }: LedgerTableProps) {
  const { t } = useTranslation('loyaltyMembers');
  return (
    <table className={styles['table']}>
      <caption className="Polaris-Text--visuallyHidden">{t('ledger.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('ledger.when')}</th>
          <th scope="col">{t('ledger.what')}</th>
          <th scope="col" className={styles['number']}>{t('ledger.points')}</th>
          <th scope="col" className={styles['number']}>{t('ledger.balance')}</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <Row key={entry.sequence} entry={entry} {...shown} />
        ))}
      </tbody>
    </table>
  );
}

/** An order that came late was entered later than it happened, and so is whoever is told the program's past. */
const NOTED_LATER_MS = 60 * 60 * 1000;

function Row({ entry, ...shown }: Omit<LedgerTableProps, 'entries'> & { entry: ToldEntry }) {
  const { t } = useTranslation('loyaltyMembers');
  const formats = useFormats();
  const { what, details, lines } = useEntryWords(shown)(entry);
  const { points, pendingPoints, reservedPoints, balanceAfter, pendingAfter, reservedAfter, occurredAtMs, recordedAtMs } = entry;
  const isLate = recordedAtMs - occurredAtMs > NOTED_LATER_MS;
  const signed = (value: number) => (value > 0 ? `+${formats.count(value)}` : formats.count(value).replace('-', '−'));
  return (
    <tr>
      <td className={styles['when']}>
        {formats.instant(occurredAtMs, shown.timeZone)}
        {isLate ? <span className={styles['under']}>{t('ledger.noted', { instant: formats.instant(recordedAtMs, shown.timeZone) })}</span> : null}
      </td>
      <td className={styles['what']}>
        {what}
        {details.map((detail) => (
          <span key={detail} className={styles['under']}>{detail}</span>
        ))}
        {entry.kind !== 'transfer' || entry.fact === null ? null : (
          <span className={styles['under']}>
            <Link url={`/app/loyalty/members/${entry.fact}`}>{t('ledger.theirs')}</Link>
          </span>
        )}
        {lines.length === 0 ? null : (
          <details className={styles['under']}>
            <summary>{t('details.more')}</summary>
            <ul className={styles['lines']}>
              {lines.map((line, index) => (
                <li key={index}>{line}</li>
              ))}
            </ul>
          </details>
        )}
      </td>
      <td className={`${styles['number']} ${styles['change']}`}>
        {points === 0 ? (pendingPoints === 0 && reservedPoints === 0 ? '0' : null) : signed(points)}
        {pendingPoints === 0 ? null : <span className={styles['under']}>{t('ledger.pending', { points: signed(pendingPoints) })}</span>}
        {reservedPoints === 0 ? null : <span className={styles['under']}>{t('ledger.reserved', { points: signed(reservedPoints) })}</span>}
      </td>
      <td className={`${styles['number']} ${styles['after']}`}>
        <span className={styles['onPhone']}>{t('ledger.balance')} </span>
        {formats.count(balanceAfter).replace('-', '−')}
        {pendingAfter === 0 ? null : <span className={styles['under']}>{t('ledger.pendingAfter', { points: formats.count(pendingAfter) })}</span>}
        {reservedAfter === 0 ? null : <span className={styles['under']}>{t('ledger.reservedAfter', { points: formats.count(reservedAfter) })}</span>}
      </td>
    </tr>
  );
}
