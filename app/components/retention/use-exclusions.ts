import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { ReportInputs } from '#app/domain/retention/report/report.ts';

const REASONS = ['test', 'deleted', 'cancelled', 'refunded', 'unknownState'] as const;

/** `12 test, 3 cancelled`, or null when every order counts. */
export function useExclusions({ excluded, afterAsOf }: ReportInputs, inOtherCurrency: number): string | null {
  const { t } = useTranslation('metrics');
  const formats = useFormats();
  const parts = [
    ...REASONS.map((reason) => ({ key: reason, orders: excluded[reason] })),
    { key: 'otherCurrency' as const, orders: inOtherCurrency },
    { key: 'afterAsOf' as const, orders: afterAsOf },
  ].filter(({ orders }) => orders > 0);
  if (parts.length === 0) return null;
  return parts.map(({ key, orders }) => t(`excluded.${key}`, { number: formats.count(orders) })).join(t('separator'));
}
