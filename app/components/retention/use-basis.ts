import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { RetentionReport } from '#app/domain/retention/report/report.ts';
import { useExclusions } from './use-exclusions.ts';

/** One sentence on what a table of customers rests on: up to which day, by whose clock, and without which orders. */
export function useBasis(
  { asOf, timeZone, inputs, overall }: Pick<RetentionReport, 'asOf' | 'timeZone' | 'inputs' | 'overall'>,
  inOtherCurrency: number,
): string {
  const { t } = useTranslation('metrics');
  const formats = useFormats();
  const { guestOrders } = overall;
  const parts = [
    guestOrders === 0 ? null : t('excluded.guests', { number: formats.count(guestOrders) }),
    useExclusions(inputs, inOtherCurrency),
  ].filter((part) => part !== null);
  const leftOut = parts.length === 0 ? t('facts.nothing') : parts.join(t('separator'));
  return t('basis', { asOf: formats.day(asOf), timeZone, leftOut });
}
