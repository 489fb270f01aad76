import { BlockStack, Button, ButtonGroup, InlineStack, Text } from '@shopify/polaris';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';

import { customersLink } from '#app/components/customers-link.ts';
import { useFormats } from '#app/components/formats.tsx';
import type { Formats } from '#app/components/formats.tsx';
import { Inset } from '#app/components/inset.tsx';
import type { ComparedWindows, WindowBasics } from '#app/domain/retention/report/compare-windows.ts';
import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';
import type { Basics, RetentionReport } from '#app/domain/retention/report/report.ts';
import { parseDay } from '#app/domain/time/calendar-day.ts';
import styles from './five-numbers.module.css';
import { MetricCard } from './metric-card.tsx';
import type { Comparison } from './metric-card.tsx';
import type { Fact } from './metric-explanation.tsx';
import { useCountingWords } from './use-counting-words.ts';
import { useExclusions } from './use-exclusions.ts';

export interface FiveNumbersProps {
  report: Pick<RetentionReport, 'asOf' | 'timeZone' | 'currency' | 'inputs' | 'overall'>;
  compared: ComparedWindows;
  counting: OrderCounting;
  /** Whose numbers they are, as the address carries it. */
  cut: string | null;
  onDays: (days: number) => void;
  inOtherCurrency: number;
  /** When our copy was last known to be up to date; epoch milliseconds. */
  freshAtMs: number | null;
  /** `YYYY-MM-DD` in shop time. */
  today: string;
}

const METRICS = ['repeatPurchaseRate', 'purchaseFrequency', 'averageOrderValue', 'customerValue', 'customers'] as const;
type Metric = (typeof METRICS)[number];

const WINDOWS = [30, 90, 365] as const;
const A_YEAR_DAYS = 365;

/** Of a window, beside all time, the time before and the year before. */
export function FiveNumbers(props: FiveNumbersProps) {
  const { report, compared, counting, cut, onDays } = props;
  const { t } = useTranslation('metrics');
  const formats = useFormats();
  const { overall, currency } = report;
  const { basics } = compared.window;
  const facts = useFacts(props);
  const { worth } = useCountingWords(counting);
  const filling = fillingOf(basics, currency, formats);
  const days = daysOf(compared.window);
  // The window ends with the day of the page, so whoever bought in it has the last order in it.
  const whoBought = customersLink({ asOf: report.asOf, cut }, [{ kind: 'range', field: 'daysSinceLastOrder', from: 0, to: days - 1 }]);
  return (
    <BlockStack gap="300">
      <Inset>
        <InlineStack gap="200" blockAlign="center" align="space-between">
          <InlineStack gap="200" blockAlign="baseline">
            <Text as="h2" variant="headingMd">
              {t('headingOf', { days })}
            </Text>
            <Text as="p" tone="subdued">
              {windowText(compared.window, { t, formats })}
            </Text>
          </InlineStack>
          <div role="group" aria-label={t('windows')}>
            <ButtonGroup variant="segmented">
              {WINDOWS.map((choice) => (
                <Button key={choice} pressed={choice === days} onClick={() => onDays(choice)}>
                  {t('windowOf', { days: choice })}
                </Button>
              ))}
            </ButtonGroup>
          </div>
        </InlineStack>
      </Inset>
      <div className={styles['cards']}>
        {METRICS.map((metric) => {
          const value = valueOf(metric, basics, { currency, formats });
          return (
            <MetricCard
              key={metric}
              value={value}
              allTime={valueOf(metric, overall, { currency, formats })}
              link={metric === 'customers' ? whoBought : null}
              comparisons={comparisonsOf(metric, compared, { currency, formats, t })}
              explanation={{
                label: t(`${metric}.label`),
                words: t(`${metric}.words`, { worth }),
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

interface Words {
  t: TFunction<'metrics'>;
  formats: Formats;
}

function windowText({ from, to }: WindowBasics, { t, formats }: Words): string {
  return t('window', { from: formats.day(from), to: formats.day(to) });
}

function daysOf({ from, to }: WindowBasics): number {
  return (parseDay(to) ?? 0) - (parseDay(from) ?? 0) + 1;
}

/** What the number was before, and by how much it is more or less now. A falling number is no error: no colour. */
function comparisonsOf(metric: Metric, compared: ComparedWindows, { currency, formats, t }: Words & { currency: string }): Comparison[] {
  const now = numberOf(metric, compared.window.basics);
  const earlier = [
    { key: 'before' as const, window: compared.previous },
    { key: 'yearBefore' as const, window: compared.yearBefore },
  ];
  return earlier.flatMap(({ key, window }) => {
    if (window === null) return missing(key, compared, { t, formats });
    const then = numberOf(metric, window.basics);
    const value = valueOf(metric, window.basics, { currency, formats }) ?? t('none');
    const hint = windowText(window, { t, formats });
    const isShare = metric === 'repeatPurchaseRate';
    if (now === null || then === null || (then === 0 && !isShare)) return [{ key, text: t(key, { value }), hint }];
    const change = isShare ? t('points', { points: formats.signedPoints(now - then) }) : formats.signedPercent(now / then - 1);
    return [{ key, text: t('changed', { was: t(key, { value }), change }), hint }];
  });
}

/** Where the orders do not reach back far enough: when they will. */
function missing(key: 'before' | 'yearBefore', { window, knownOn }: ComparedWindows, { t, formats }: Words): Comparison[] {
  // Of a year there is one comparison, as the year before is the time before.
  if (knownOn === null || (key === 'yearBefore' && daysOf(window) >= A_YEAR_DAYS)) return [];
  const day = formats.day(key === 'before' ? knownOn.previous : knownOn.yearBefore);
  return [{ key, text: t(key, { value: t('knownOn', { day }) }), hint: t('knownOnWhy') }];
}

function numberOf(metric: Metric, basics: Basics): number | null {
  switch (metric) {
    case 'repeatPurchaseRate':
      return basics.repeatPurchaseRate;
    case 'purchaseFrequency':
      return basics.purchaseFrequency;
    case 'averageOrderValue':
      return basics.aovMinor;
    case 'customerValue':
      return basics.customerValueMinor;
    case 'customers':
      return basics.customers;
  }
}

function useFacts({ report, compared, counting, inOtherCurrency, freshAtMs, today }: FiveNumbersProps): Fact[] {
  const { t } = useTranslation('metrics');
  const formats = useFormats();
  const window = windowText(compared.window, { t, formats });
  const exclusions = useExclusions(report.inputs, inOtherCurrency);
  const { fact } = useCountingWords(counting);
  return [
    { term: t('facts.window'), value: window },
    { term: t('facts.counting'), value: fact },
    { term: t('facts.leftOut'), value: exclusions ?? t('facts.nothing') },
    { term: t('facts.guests'), value: formats.count(compared.window.basics.guestOrders) },
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
