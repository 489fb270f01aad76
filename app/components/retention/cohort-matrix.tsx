import { Link } from '@remix-run/react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { Formats } from '#app/components/formats.tsx';
import styles from './cohort-heat-map.module.css';
import { shadeOf, SHADES } from './cohort-table.ts';
import type { CohortCell, CohortMeasure, CohortTable, CohortTableRow } from './cohort-table.ts';
import { formatCohort } from './format-cohort.ts';

export interface CohortMatrixProps {
  table: CohortTable;
  measure: CohortMeasure;
  /** Of the revenue. */
  currency: string;
  caption: string;
  /** What an offset is called in full. */
  offsetName: (offset: number) => string;
  /** Where the customers of a cohort are listed; null where they are not. */
  customersLink?: (cohort: string) => string | null;
}

/**
 * Cohorts down, time since the first order across; the darker the more. It has some thousand cells: it is drawn anew only
 * when what it shows is another, and no cell asks for words or formats of its own.
 */
export const CohortMatrix = memo(function CohortMatrix({ table, measure, currency, caption, offsetName, customersLink }: CohortMatrixProps) {
  const { t, i18n } = useTranslation('cohorts');
  const formats = useFormats();
  const words: RowWords = {
    name: (cohort) => formatCohort(cohort, i18n.language, formats),
    running: t('running'),
    count: formats.count,
    value: valueFormat(measure, currency, formats),
  };
  const offsets = Array.from({ length: table.offsets }, (_, index) => table.firstOffset + index);
  return (
    // A region that scrolls must be reachable by keyboard.
    <div className={styles.scroller} role="region" aria-label={t('scroll')} tabIndex={0}>
      <table className={styles.table}>
        <caption className="Polaris-Text--visuallyHidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col" className={styles.cohort}>
              {t('cohort')}
            </th>
            <th scope="col">{t('size')}</th>
            {/* By their places: a measure that begins with offset 0 has one column more, at the end. */}
            {offsets.map((offset, place) => (
              <th scope="col" key={place} title={offsetName(offset)}>
                {offset}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <AverageRow averages={table.averages} measure={measure} currency={currency} />
          {table.rows.map((row) => (
            <CohortRow key={row.cohort} {...{ row, table, words }} link={customersLink?.(row.cohort) ?? null} />
          ))}
        </tbody>
      </table>
    </div>
  );
});

function AverageRow({ averages, measure, currency }: { averages: CohortTable['averages']; measure: CohortMeasure; currency: string }) {
  const { t } = useTranslation('cohorts');
  const formats = useFormats();
  const format = averageFormat(measure, currency, formats);
  return (
    <tr className={styles.average}>
      <th scope="row" className={styles.cohort} title={t('averageHint')}>
        {t('average')}
      </th>
      <td />
      {averages.map((average, index) => (
        <td key={index}>{average === null ? '' : format(average)}</td>
      ))}
    </tr>
  );
}

interface RowWords {
  name: (cohort: string) => string;
  running: string;
  count: (value: number) => string;
  value: (value: number) => string;
}

interface CohortRowProps {
  row: CohortTableRow;
  table: CohortTable;
  words: RowWords;
  link: string | null;
}

function CohortRow({ row, table, words, link }: CohortRowProps) {
  const missing = table.offsets - row.cells.length;
  const name = words.name(row.cohort);
  return (
    <tr>
      <th scope="row" className={styles.cohort}>
        {link === null ? name : <Link to={link}>{name}</Link>}
      </th>
      <td className={styles.size}>{words.count(row.size)}</td>
      {row.cells.map((cell, index) => cellOf(cell, { key: index, highest: table.highest, words }))}
      {missing > 0 ? <td colSpan={missing} className={styles.empty} /> : null}
    </tr>
  );
}

/** No component: a thousand of them take a slow phone a tenth of a second longer. */
function cellOf(cell: CohortCell, { key, highest, words }: { key: number; highest: number; words: RowWords }) {
  const text = words.value(cell.value);
  if (!cell.isRunning) {
    return (
      <td key={key} className={styles[`shade${shadeOf(cell.weight, highest)}`]}>
        {text}
      </td>
    );
  }
  return (
    <td key={key} className={styles['running']} title={words.running}>
      {text}
      <span className="Polaris-Text--visuallyHidden"> {words.running}</span>
    </td>
  );
}

function valueFormat(measure: CohortMeasure, currency: string, formats: Formats): (value: number) => string {
  if (measure === 'retention') return formats.percent;
  return measure === 'revenue' ? (minor) => formats.money(minor, currency) : formats.count;
}

function averageFormat(measure: CohortMeasure, currency: string, formats: Formats): (value: number) => string {
  if (measure === 'revenue') return (minor) => formats.money(minor, currency);
  return measure === 'orders' ? formats.ratio : formats.percent;
}

export function CohortLegend({ hasRunning }: { hasRunning: boolean }) {
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
