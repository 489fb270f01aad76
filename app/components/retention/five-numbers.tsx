import { BlockStack, InlineStack, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { Formats } from '#app/components/formats.tsx';
import { Inset } from '#app/components/inset.tsx';
import type { Basics, RetentionReport } from '#app/domain/retention/report/report.ts';
import { formatDay, parseDay } from '#app/domain/time/calendar-day.ts';
import styles from './five-numbers.module.css';
import { MetricCard } from './metric-card.tsx';
import type { Fact } from './metric-explanation.tsx';
import { useExclusions } from './use-exclusions.ts';

export interface FiveNumbersProps {
  report: Pick<RetentionReport, 'asOf' | 'timeZone' | 'currency' | 'inputs' | 'overall' | 'trailing365'>;
  inOtherCurrency: number;
  /** When our copy was last known to be up to date; epoch milliseconds. */
  freshAtMs: number | null;
  /** `YYYY-MM-DD` in shop time. */
  today: string;
}

const METRICS = ['repeatPurchaseRate', 'purchaseFrequency', 'averageOrderValue', 'customerValue', 'customers'] as const;
type Metric = (typeof METRICS)[number];

const TRAILING_DAYS = 365;

export function FiveNumbers({ report, inOtherCurrency, freshAtMs, today }: FiveNumbersProps) {
  const { t } = useTranslation('metrics');
  const formats = useFormats();
  const { trailing365, overall, currency } = report;
  const window = useWindow(report.asOf);
  const facts = useFacts({ report, inOtherCurrency, freshAtMs, today });
  const filling = fillingOf(trailing365, currency, formats);
  return (
    <BlockStack gap="300">
      <Inset>
        <InlineStack gap="200" blockAlign="baseline">
          <Text as="h2" variant="headingMd">
            {t('heading')}
          </Text>
          <Text as="p" tone="subdued">
            {window}
          </Text>
        </InlineStack>
      </Inset>
      <div className={styles['cards']}>
        {METRICS.map((metric) => {
          const value = valueOf(metric, trailing365, { currency, formats });
          return (
            <MetricCard
              key={metric}
              value={value}
              allTime={valueOf(metric, overall, { currency, formats })}
              explanation={{
                label: t(`${metric}.label`),
                words: t(`${metric}.words`),
                symbols: t(`${metric}.symbols`),
                filled: value === null ? null : t(`${metric}.filled`, { ...filling, value }),
                facts,
              }}
            />
          );
        })}
      </div>
    </BlockStack>
  );
}

function valueOf(
  metric: Metric,
  basics: Basics,
  { currency, formats }: { currency: string; formats: Formats },
): string | null {
  switch (metric) {
    case 'repeatPurchaseRate':
      return formatKnown(basics.repeatPurchaseRate, formats.percent);
    case 'purchaseFrequency':
      return formatKnown(basics.purchaseFrequency, formats.ratio);
    case 'averageOrderValue':
      return formatKnown(basics.aovMinor, (minor) => formats.money(minor, currency));
    case 'customerValue':
      return formatKnown(basics.customerValueMinor, (minor) => formats.money(minor, currency));
    case 'customers':
      return formats.count(basics.customers);
  }
}

function formatKnown(value: number | null, format: (value: number) => string): string | null {
  return value === null ? null : format(value);
}

function fillingOf(basics: Basics, currency: string, formats: Formats) {
  return {
    customers: formats.count(basics.customers),
    repeatCustomers: formats.count(basics.repeatCustomers),
    orders: formats.count(basics.orders),
    customerOrders: formats.count(basics.orders - basics.guestOrders),
    revenue: formats.money(basics.revenueMinor, currency),
    frequency: formatKnown(basics.purchaseFrequency, formats.ratio) ?? '',
    aov: formatKnown(basics.aovMinor, (minor) => formats.money(minor, currency)) ?? '',
  };
}

function useWindow(asOf: string): string {
  const { t } = useTranslation('metrics');
  const formats = useFormats();
  const asOfDay = parseDay(asOf);
  const from = asOfDay === null ? asOf : formatDay(asOfDay + 1 - TRAILING_DAYS);
  return t('window', { from: formats.day(from), to: formats.day(asOf) });
}

function useFacts({ report, inOtherCurrency, freshAtMs, today }: FiveNumbersProps): Fact[] {
  const { t } = useTranslation('metrics');
  const formats = useFormats();
  const window = useWindow(report.asOf);
  const exclusions = useExclusions(report.inputs, inOtherCurrency);
  return [
    { term: t('facts.window'), value: window },
    { term: t('facts.leftOut'), value: exclusions ?? t('facts.nothing') },
    { term: t('facts.guests'), value: formats.count(report.trailing365.guestOrders) },
    { term: t('facts.timeZone'), value: report.timeZone },
    {
      term: t('facts.asOf'),
      // A day of the past is over: no order that comes now is in it.
      value:
        freshAtMs === null || report.asOf !== today
          ? formats.day(report.asOf)
          : formats.instant(freshAtMs, report.timeZone),
    },
  ];
}
