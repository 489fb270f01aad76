import { BlockStack, Card, DataTable, Link, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { CustomerDifference, OrderDifference, ReconciledDay, ReconciliationReport } from '#app/domain/sync/reconciliation.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';

// A merchant reads the worst of them; the whole list is of no use on a page.
const MAX_DAYS = 31;

/** Days, orders and customers that differed; nothing where all were equal. */
export function DifferenceTables({ report }: { report: ReconciliationReport }) {
  const { latest, currency } = report;
  if (latest === null || latest.differencesFound === 0) return null;
  return (
    <>
      <DifferingOrders
        differences={latest.differences}
        found={latest.differencesFound - latest.customerDifferencesFound}
        currency={currency}
      />
      <DifferingCustomers
        differences={latest.customerDifferences}
        found={latest.customerDifferencesFound}
        timeZone={report.timeZone}
      />
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
  if (differences.length === 0) return null;
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
            <DifferenceCauses key="what" difference={difference} />,
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

/** Why an order differed; one that was unequal, part by part. */
function DifferenceCauses({ difference: { cause, parts } }: { difference: OrderDifference }) {
  const { t } = useTranslation('dataCheck');
  if (parts.length === 0) return t(`differences.causes.${cause}`);
  return (
    <BlockStack>
      {parts.map((part) => (
        <span key={part}>{t(`differences.parts.${part}`)}</span>
      ))}
    </BlockStack>
  );
}

interface DifferingCustomersProps {
  differences: readonly CustomerDifference[];
  found: number;
  timeZone: string | null;
}

/** By their ids: what they are called nobody keeps here. */
function DifferingCustomers({ differences, found, timeZone }: DifferingCustomersProps) {
  const { t } = useTranslation('dataCheck');
  const formats = useFormats();
  if (differences.length === 0) return null;
  const hidden = Math.max(0, found - differences.length);
  const when = (instantMs: number | null) =>
    instantMs === null ? t('differences.notHeld') : formats.instant(instantMs, timeZone ?? undefined);
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t('customers.title')}
        </Text>
        <DataTable
          columnContentTypes={['text', 'text', 'text', 'text', 'text']}
          headings={[
            t('customers.customer'),
            t('differences.what'),
            t('customers.ours'),
            t('customers.theirs'),
            t('differences.outcome'),
          ]}
          rows={differences.map(({ customerId, cause, outcome, ourUpdatedAtMs, theirUpdatedAtMs }) => [
            cause === 'gone' ? t('customers.one', { id: customerId }) : <Link url={`/app/customers/${customerId}`}>{t('customers.one', { id: customerId })}</Link>,
            t(`customers.causes.${cause}`),
            <span key="ours" suppressHydrationWarning>{when(ourUpdatedAtMs)}</span>,
            <span key="theirs" suppressHydrationWarning>{when(theirUpdatedAtMs)}</span>,
            t(`differences.outcomes.${outcome}`),
          ])}
        />
        {hidden === 0 ? null : <Text as="p">{t('customers.more', { count: hidden, number: formats.count(hidden) })}</Text>}
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
