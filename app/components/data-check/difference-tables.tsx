import { BlockStack, Card, DataTable, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { OrderDifference, ReconciledDay, ReconciliationReport } from '#app/domain/sync/reconciliation.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';

// A merchant reads the worst of them; the whole list is of no use on a page.
const MAX_DAYS = 31;

/** Days and orders that differed; nothing where all were equal. */
export function DifferenceTables({ report }: { report: ReconciliationReport }) {
  const { latest, currency } = report;
  if (latest === null || latest.differencesFound === 0) return null;
  return (
    <>
      <DifferingOrders differences={latest.differences} found={latest.differencesFound} currency={currency} />
      <DifferingDays days={latest.daysThatDiffer} currency={currency} />
    </>
  );
}

interface DifferingOrdersProps {
  differences: readonly OrderDifference[];
  found: number;
  currency: string | null;
}

function DifferingOrders({ differences, found, currency }: DifferingOrdersProps) {
  const { t } = useTranslation('dataCheck');
  const formats = useFormats();
  const total = (amountMinor: number | null) =>
    amountMinor === null || currency === null ? t('differences.notHeld') : formats.money(amountMinor, currency);
  const hidden = Math.max(0, found - differences.length);
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t('differences.title')}
        </Text>
        <DataTable
          columnContentTypes={['text', 'text', 'text', 'numeric', 'numeric', 'text']}
          headings={[
            t('differences.order'),
            t('days.day'),
            t('differences.what'),
            t('differences.ours'),
            t('differences.theirs'),
            t('differences.outcome'),
          ]}
          rows={differences.map((difference) => [
            difference.orderName ?? t('differences.unnamed', { id: difference.orderId }),
            formats.day(formatDay(difference.day)),
            t(`differences.causes.${difference.cause}`),
            total(difference.ourTotalMinor),
            total(difference.theirTotalMinor),
            t(`differences.outcomes.${difference.outcome}`),
          ])}
        />
        {hidden === 0 ? null : <Text as="p">{t('differences.more', { count: hidden, number: formats.count(hidden) })}</Text>}
      </BlockStack>
    </Card>
  );
}

function DifferingDays({ days, currency }: { days: readonly ReconciledDay[]; currency: string | null }) {
  const { t } = useTranslation('dataCheck');
  const formats = useFormats();
  if (days.length === 0) return null;
  const hidden = Math.max(0, days.length - MAX_DAYS);
  const side = (orders: number, totalMinor: number) => {
    const counted = t('days.orders', { count: orders, number: formats.count(orders) });
    return currency === null ? counted : `${counted}, ${formats.money(totalMinor, currency)}`;
  };
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t('days.title')}
        </Text>
        <DataTable
          columnContentTypes={['text', 'numeric', 'numeric']}
          headings={[t('days.day'), t('days.ours'), t('days.theirs')]}
          rows={days
            .slice(0, MAX_DAYS)
            .map(({ day, ourOrders, ourTotalMinor, theirOrders, theirTotalMinor }) => [
              formats.day(formatDay(day)),
              side(ourOrders, ourTotalMinor),
              side(theirOrders, theirTotalMinor),
            ])}
        />
        {hidden === 0 ? null : <Text as="p">{t('days.more', { count: hidden, number: formats.count(hidden) })}</Text>}
      </BlockStack>
    </Card>
  );
}
