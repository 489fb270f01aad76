import { Button, Link, Text } from '@shopify/polaris';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { FileButton } from '#app/components/files/file-button.tsx';
import { useFormats } from '#app/components/formats.tsx';
import { ShareBar } from '#app/components/tables/share-bar.tsx';
import { segmentToQuery } from '#app/domain/segments/segment-query.ts';
import type { Segment } from '#app/domain/segments/segment.ts';
import type { WrittenSegment } from '#app/domain/segments/written-segment.ts';
import { WrittenBadges } from './write/written-badges.tsx';
import styles from './segment-table.module.css';

export interface SegmentRow {
  id: string;
  name: string;
  meaning: ReactNode;
  advice: ReactNode;
  segment: Segment;
  /** Null where it is not counted; `countText` says why. */
  count: number | null;
  countText?: ReactNode;
  /** Where it is changed, if it can be. */
  editAddress?: string;
  /** What it is in Shopify by now; null where it cannot be written. */
  written: readonly WrittenSegment[] | null;
}

export interface SegmentTableProps {
  caption: string;
  rows: readonly SegmentRow[];
  customers: number;
  asOf: string;
  onWrite: (row: SegmentRow) => void;
}

/** A row a segment, with the ways to its customers; on a phone a few lines. */
export function SegmentTable({ caption, rows, customers, asOf, onWrite }: SegmentTableProps) {
  const { t } = useTranslation('segments');
  return (
    <div role="table" aria-label={caption}>
      <div role="row" className={`${styles['row']} ${styles['header']}`}>
        {(['segment', 'customers', 'advice', 'actions'] as const).map((column) => (
          <div role="columnheader" key={column}>
            <Text as="span" variant="bodySm" tone="subdued" visuallyHidden={column === 'actions'}>
              {t(`columns.${column}`)}
            </Text>
          </div>
        ))}
      </div>
      {rows.map((row) => (
        <Row key={row.id} {...{ row, customers, asOf, onWrite }} />
      ))}
    </div>
  );
}

function Row({ row, customers, asOf, onWrite }: Pick<SegmentTableProps, 'customers' | 'asOf' | 'onWrite'> & { row: SegmentRow }) {
  const { t } = useTranslation('segments');
  const { name, meaning, advice, count, editAddress } = row;
  const query = String(new URLSearchParams([['asOf', asOf], ...segmentToQuery(row.segment)]));
  return (
    <div role="row" className={styles['row']}>
      <div role="rowheader" className={`${styles['name']} ${styles['wide']}`}>
        <Text as="span" fontWeight="semibold">
          {name}
        </Text>
        <Text as="p" tone="subdued" fontWeight="regular">
          {meaning}
        </Text>
        {row.written === null || row.written.length === 0 ? null : <WrittenBadges written={row.written} />}
      </div>
      <div role="cell" className={styles['wide']}>
        {count === null ? row.countText : <Count {...{ name, count, customers }} address={`/app/customers?${query}`} />}
      </div>
      <div role="cell">{advice}</div>
      <div role="cell" className={styles['actions']}>
        {editAddress === undefined ? null : (
          <Button variant="plain" url={editAddress} accessibilityLabel={t('editOf', { name })}>
            {t('edit')}
          </Button>
        )}
        {row.written === null ? null : <WriteButton name={name} isWritten={row.written.length > 0} onClick={() => onWrite(row)} />}
        {count === null || count === 0 ? null : <CsvButton name={name} address={`/app/export/customers.csv?${query}`} fileName={`${row.id}-${asOf}.csv`} />}
      </div>
    </div>
  );
}

/** In place of a number that is on its way, and as high. */
export function CountPending({ children }: { children: ReactNode }) {
  return (
    <>
      <div className={styles['numbers']}>{children}</div>
      <ShareBar share={0} />
    </>
  );
}

function Count({ name, count, customers, address }: { name: string; count: number; customers: number; address: string }) {
  const { t } = useTranslation('segments');
  const formats = useFormats();
  const share = customers === 0 ? 0 : count / customers;
  return (
    <>
      <div className={styles['numbers']}>
        {count === 0 ? (
          formats.count(0)
        ) : (
          <Link url={address} accessibilityLabel={`${formats.count(count)}: ${t('showCustomers', { name })}`}>
            {formats.count(count)}
          </Link>
        )}
        <Text as="span" tone="subdued">
          {formats.percent(share)}
        </Text>
      </div>
      <ShareBar share={share} />
    </>
  );
}

function WriteButton({ name, isWritten, onClick }: { name: string; isWritten: boolean; onClick: () => void }) {
  const { t } = useTranslation('segmentWrites');
  return (
    <Button variant="plain" onClick={onClick} accessibilityLabel={t(isWritten ? 'manageOf' : 'openOf', { name })}>
      {t(isWritten ? 'manage' : 'open')}
    </Button>
  );
}

function CsvButton({ name, address, fileName }: { name: string; address: string; fileName: string }) {
  const { t } = useTranslation(['segments', 'customers']);
  return <FileButton isPlain label={t('csv')} accessibilityLabel={t('csvOf', { name })} {...{ address, fileName }} failed={t('customers:exportFailed')} />;
}
