import { BlockStack, Button, ButtonGroup, Card, InlineStack, Text } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import styles from './cohort-heat-map.module.css';
import { DownloadButton } from './download-button.tsx';
import { cohortTableOf, shadeOf, SHADES } from './cohort-table.ts';
import type { CohortCell, CohortsShown, CohortTable, CohortTableRow } from './cohort-table.ts';

type Unit = 'percent' | 'customers';

const MONTHS_AT_FIRST = 24;

/** @param basis what the table rests on, in a sentence */
export function CohortHeatMap({ cohorts, basis, asOf }: { cohorts: CohortsShown; basis: string; asOf: string }) {
  const { t } = useTranslation('cohorts');
  const [unit, setUnit] = useState<Unit>('percent');
  const [isWhole, setIsWhole] = useState(false);
  const months = isWhole ? cohorts.rows.length : MONTHS_AT_FIRST;
  const table = cohortTableOf(cohorts, months);
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between" blockAlign="start" gap="300">
          <div className={styles['lead']}>
            <BlockStack gap="100">
              <Text as="h2" variant="headingMd">
                {t('title')}
              </Text>
              <Text as="p" tone="subdued">
                {t('text')}
              </Text>
            </BlockStack>
          </div>
          {table.offsets > 0 ? <UnitChoice unit={unit} onChoose={setUnit} /> : null}
        </InlineStack>
        {table.offsets > 0 ? <Matrix table={table} unit={unit} /> : <Text as="p">{t('tooYoung')}</Text>}
        {table.offsets > 0 ? <Legend hasRunning={cohorts.incompletePeriod !== null} /> : null}
        {cohorts.rows.length > MONTHS_AT_FIRST ? (
          <InlineStack>
            <Button onClick={() => setIsWhole(!isWhole)} variant="plain">
              {isWhole ? t('showFewer', { count: MONTHS_AT_FIRST }) : t('showAll', { count: cohorts.rows.length })}
            </Button>
          </InlineStack>
        ) : null}
        <InlineStack>
          <DownloadButton asOf={asOf} />
        </InlineStack>
        <Text as="p" variant="bodySm" tone="subdued">
          {basis}
        </Text>
      </BlockStack>
    </Card>
  );
}

function UnitChoice({ unit, onChoose }: { unit: Unit; onChoose: (unit: Unit) => void }) {
  const { t } = useTranslation('cohorts');
  return (
    <div role="group" aria-label={t('view')}>
      <ButtonGroup variant="segmented">
        <Button pressed={unit === 'percent'} onClick={() => onChoose('percent')}>
          {t('percent')}
        </Button>
        <Button pressed={unit === 'customers'} onClick={() => onChoose('customers')}>
          {t('customers')}
        </Button>
      </ButtonGroup>
    </div>
  );
}

function Matrix({ table, unit }: { table: CohortTable; unit: Unit }) {
  const { t } = useTranslation('cohorts');
  const offsets = Array.from({ length: table.offsets }, (_, index) => index + 1);
  return (
    // A region that scrolls must be reachable by keyboard.
    <div className={styles.scroller} role="region" aria-label={t('scroll')} tabIndex={0}>
      <table className={styles.table}>
        <caption className="Polaris-Text--visuallyHidden">{t('caption')}</caption>
        <thead>
          <tr>
            <th scope="col" className={styles.cohort}>
              {t('cohort')}
            </th>
            <th scope="col">{t('size')}</th>
            {offsets.map((offset) => (
              <th scope="col" key={offset} title={t('monthsAfter', { offset })}>
                {offset}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <AverageRow averages={table.averages} />
          {table.rows.map((row) => (
            <CohortRow key={row.cohort} row={row} table={table} unit={unit} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function AverageRow({ averages }: { averages: CohortTable['averages'] }) {
  const { t } = useTranslation('cohorts');
  const formats = useFormats();
  return (
    <tr className={styles.average}>
      <th scope="row" className={styles.cohort} title={t('averageHint')}>
        {t('average')}
      </th>
      <td />
      {averages.map((retention, index) => (
        <td key={index}>{retention === null ? '' : formats.percent(retention)}</td>
      ))}
    </tr>
  );
}

function CohortRow({ row, table, unit }: { row: CohortTableRow; table: CohortTable; unit: Unit }) {
  const formats = useFormats();
  const missing = table.offsets - row.cells.length;
  return (
    <tr>
      <th scope="row" className={styles.cohort}>
        {formats.month(row.cohort)}
      </th>
      <td className={styles.size}>{formats.count(row.size)}</td>
      {row.cells.map((cell, index) => (
        <Cell key={index} cell={cell} highest={table.highest} unit={unit} />
      ))}
      {missing > 0 ? <td colSpan={missing} className={styles.empty} /> : null}
    </tr>
  );
}

function Cell({ cell, highest, unit }: { cell: CohortCell; highest: number; unit: Unit }) {
  const { t } = useTranslation('cohorts');
  const formats = useFormats();
  const text = unit === 'percent' ? formats.percent(cell.retention) : formats.count(cell.active);
  if (!cell.isRunning) return <td className={styles[`shade${shadeOf(cell.retention, highest)}`]}>{text}</td>;
  return (
    <td className={styles['running']} title={t('running')}>
      {text}
      <span className="Polaris-Text--visuallyHidden"> {t('running')}</span>
    </td>
  );
}

function Legend({ hasRunning }: { hasRunning: boolean }) {
  const { t } = useTranslation('cohorts');
  return (
    <div className={styles.legend}>
      <span className={styles.legendGroup}>
        {t('legendLow')}
        <span aria-hidden="true" style={{ display: 'inline-flex' }}>
          {Array.from({ length: SHADES }, (_, shade) => (
            <span key={shade} className={`${styles.swatch} ${styles[`shade${shade}`]}`} />
          ))}
        </span>
        {t('legendHigh')}
      </span>
      {hasRunning ? (
        <span className={styles.legendGroup}>
          <span aria-hidden="true" className={`${styles.swatch} ${styles['running']}`} />
          {t('running')}
        </span>
      ) : null}
    </div>
  );
}
