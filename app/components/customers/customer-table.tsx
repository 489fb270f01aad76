import { Badge, Link, Text } from '@shopify/polaris';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { LifecycleState, RfmGroup } from '#app/domain/retention/report/report.ts';
import styles from './customer-table.module.css';

export interface CustomerTableRow {
  /** Null for a customer who was forgotten. */
  id: string | null;
  key: string;
  orders: number;
  spentMinor: number;
  lastOrder: string;
  group: RfmGroup;
  state: LifecycleState;
  pAlive: number | null;
  predictedClv365Minor: number | null;
}

export interface CustomerTableProps {
  rows: readonly CustomerTableRow[];
  currency: string;
  names: Readonly<Record<string, string>>;
  hasPAlive: boolean;
  hasPredictions: boolean;
  isLoading: boolean;
  addressOf: (id: string) => string;
}

export const STATE_TONES = { active: 'success', cooling: 'info', atRisk: 'attention', lapsed: undefined } as const;

/** A row a customer; on a phone a few lines. */
export function CustomerTable({ rows, names, addressOf, isLoading, ...shown }: CustomerTableProps) {
  const { t } = useTranslation('customers');
  return (
    <table className={`${styles['table']} ${isLoading ? styles['isLoading'] : ''}`} aria-busy={isLoading}>
      <caption className="Polaris-Text--visuallyHidden">{t('title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('columns.customer')}</th>
          <NumberHeader text={t('columns.spent')} />
          <NumberHeader text={t('columns.orders')} />
          <th scope="col">{t('columns.lastOrder')}</th>
          <th scope="col">{t('columns.state')}</th>
          <th scope="col">{t('columns.group')}</th>
          {shown.hasPAlive ? <NumberHeader text={t('columns.pAlive')} /> : null}
          {shown.hasPredictions ? <NumberHeader text={t('columns.predicted')} /> : null}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, place) => (
          // By their places: another page changes what rows say, and moves none.
          <Row key={place} row={row} {...shown} name={row.id === null ? null : (names[row.id] ?? null)} address={row.id === null ? null : addressOf(row.id)} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps extends Pick<CustomerTableProps, 'currency' | 'hasPAlive' | 'hasPredictions'> {
  row: CustomerTableRow;
  name: string | null;
  address: string | null;
}

/** Fifty of them take a slow phone a tenth of a second: they are drawn anew when they say something else. */
const Row = memo(function Row({ row, currency, hasPAlive, hasPredictions, name, address }: RowProps) {
  const { t } = useTranslation(['customers', 'groups']);
  const formats = useFormats();
  return (
    <tr>
      <td>
        <Name name={address === null ? t('forgotten') : (name ?? t('customer', { id: row.id }))} address={address} />
      </td>
      <td className={styles['number']}>{formats.money(row.spentMinor, currency)}</td>
      <td className={styles['number']}>
        <span className={styles['onDesktop']}>{formats.count(row.orders)}</span>
        <span className={styles['onPhone']}>{t('orders', { count: row.orders, number: formats.count(row.orders) })}</span>
      </td>
      <td>
        <span className={styles['onDesktop']}>{formats.day(row.lastOrder)}</span>
        <span className={styles['onPhone']}>{t('lastOrderOn', { date: formats.day(row.lastOrder) })}</span>
      </td>
      <td>
        <Badge tone={STATE_TONES[row.state]}>{t(`states.${row.state}`)}</Badge>
      </td>
      <td>{t(`groups:${row.group}.name`)}</td>
      {hasPAlive ? <td className={`${styles['number']} ${styles['onDesktop']}`}>{row.pAlive === null ? '–' : formats.wholePercent(row.pAlive)}</td> : null}
      {hasPredictions ? (
        <td className={`${styles['number']} ${styles['onDesktop']}`}>
          {row.predictedClv365Minor === null ? '–' : formats.money(row.predictedClv365Minor, currency)}
        </td>
      ) : null}
    </tr>
  );
});

function NumberHeader({ text }: { text: string }) {
  return (
    <th scope="col" className={styles['number']}>
      {text}
    </th>
  );
}

function Name({ name, address }: { name: string; address: string | null }) {
  if (address === null) {
    return (
      <Text as="span" tone="subdued">
        <span className={styles['name']}>{name}</span>
      </Text>
    );
  }
  return (
    <span className={styles['name']} title={name}>
      <Link url={address} removeUnderline monochrome>
        {name}
      </Link>
    </span>
  );
}
