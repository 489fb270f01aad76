import { Badge, Link, Text } from '@shopify/polaris';
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
export function CustomerTable(props: CustomerTableProps) {
  const { rows, currency, hasPAlive, hasPredictions, isLoading } = props;
  const { t } = useTranslation(['customers', 'groups']);
  const formats = useFormats();
  return (
    <table className={`${styles['table']} ${isLoading ? styles['isLoading'] : ''}`} aria-busy={isLoading}>
      <caption className="Polaris-Text--visuallyHidden">{t('title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('columns.customer')}</th>
          <th scope="col" className={styles['number']}>
            {t('columns.spent')}
          </th>
          <th scope="col" className={styles['number']}>
            {t('columns.orders')}
          </th>
          <th scope="col">{t('columns.lastOrder')}</th>
          <th scope="col">{t('columns.state')}</th>
          <th scope="col">{t('columns.group')}</th>
          {hasPAlive ? <NumberHeader text={t('columns.pAlive')} /> : null}
          {hasPredictions ? <NumberHeader text={t('columns.predicted')} /> : null}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <td>
              <Name {...props} row={row} />
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
        ))}
      </tbody>
    </table>
  );
}

function NumberHeader({ text }: { text: string }) {
  return (
    <th scope="col" className={styles['number']}>
      {text}
    </th>
  );
}

function Name({ row, names, addressOf }: Pick<CustomerTableProps, 'names' | 'addressOf'> & { row: CustomerTableRow }) {
  const { t } = useTranslation('customers');
  if (row.id === null) {
    return (
      <Text as="span" tone="subdued">
        <span className={styles['name']}>{t('forgotten')}</span>
      </Text>
    );
  }
  const name = names[row.id] ?? t('customer', { id: row.id });
  return (
    <span className={styles['name']} title={name}>
      <Link url={addressOf(row.id)} removeUnderline monochrome>
        {name}
      </Link>
    </span>
  );
}
