import { Banner, BlockStack, Card, InlineGrid, Link, Text } from '@shopify/polaris';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';

import { StoreStandingCard } from '#app/components/advice/store-standing-card.tsx';
import { WeeklyActions } from '#app/components/advice/weekly-actions.tsx';
import { CutFields } from '#app/components/cohorts/cut-fields.tsx';
import { useFormats } from '#app/components/formats.tsx';
import { Inset } from '#app/components/inset.tsx';
import type { StoreStanding } from '#app/domain/retention/advice/store-standing.ts';
import type { AdviceAwaited } from '#app/domain/retention/advice/advice-awaited.ts';
import type { WeeklyAction } from '#app/domain/retention/advice/weekly-action.ts';
import type { OfferedCut } from '#app/domain/retention/columns/cut-values.ts';
import type { ComparedWindows } from '#app/domain/retention/report/compare-windows.ts';
import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';
import type { RfmAgreement } from '#app/domain/retention/metrics/rfm-agreement.ts';
import type { RetentionReport } from '#app/domain/retention/report/report.ts';
import { AsOfField } from './as-of-field.tsx';
import { ComingBackCard } from './coming-back-card.tsx';
import { CohortHeatMap } from './cohort-heat-map.tsx';
import type { CohortsShown } from './cohort-table.ts';
import { CustomerGroups } from './customer-groups.tsx';
import { FiveNumbers } from './five-numbers.tsx';
import { FreshnessLine } from './freshness-line.tsx';
import { LimitedHistory } from './limited-history.tsx';
import { useBasis } from './use-basis.ts';
import { useCountingWords } from './use-counting-words.ts';
import { useExclusions } from './use-exclusions.ts';

export type DashboardReport = Pick<
  RetentionReport,
  'asOf' | 'timeZone' | 'currency' | 'inputs' | 'overall' | 'trailing365' | 'maturedRepeatRate' | 'daysBetweenOrders'
> & { cohorts: CohortsShown; rfm: Pick<RetentionReport['rfm'], 'groups' | 'breaks'> };

export interface RetentionDashboardProps {
  report: DashboardReport;
  compared: ComparedWindows;
  actions: readonly WeeklyAction[];
  /** Null where the past carries advice. */
  adviceAwaited: AdviceAwaited | null;
  counting: OrderCounting;
  /** Null of a part of the customers. */
  standing: StoreStanding | null;
  /** Whose numbers they are, as the address carries it. */
  cut: string | null;
  cuts: readonly OfferedCut[];
  /** By code, as `countryNamesOf` made them. */
  countryNames: Readonly<Record<string, string>>;
  inOtherCurrency: number;
  freshAtMs: number | null;
  historyDays: number | null;
  /** The server's clock. */
  nowMs: number;
  /** `YYYY-MM-DD` in shop time. */
  today: string;
  /** With Shopify's own groups, which comes later. */
  agreement?: RfmAgreement | null | undefined;
}

export interface DashboardEvents {
  onAsOf: (asOf: string) => void;
  onDays: (days: number) => void;
  onCut: (cut: string | null) => void;
}

/** Below this many customers one more moves every rate by a percentage point or more. */
const FEW_CUSTOMERS = 100;

/**
 * Five numbers, the cohorts and the groups; or plain words where there is too little for them. A click on another window
 * or day draws none of it anew before the numbers are there.
 */
export const RetentionDashboard = memo(function RetentionDashboard({ onAsOf, onDays, onCut, ...props }: RetentionDashboardProps & DashboardEvents) {
  const { report, compared, counting, actions, adviceAwaited, standing, cut, freshAtMs, nowMs, today, inOtherCurrency } = props;
  const { inputs, overall } = report;
  const basis = useBasis(report, inOtherCurrency);
  return (
    <BlockStack gap="500">
      {/* Also on a day before the first order, or there would be no way back from it. */}
      {inputs.orders === 0 && cut === null ? null : (
        <BlockStack gap="200">
          {inputs.lastOrderAt === null ? null : (
            <FreshnessLine
              lastOrderAtMs={Date.parse(inputs.lastOrderAt)}
              freshAtMs={freshAtMs}
              nowMs={nowMs}
              timeZone={report.timeZone}
            />
          )}
          <CountingLine counting={counting} />
          <Inset>
            <AsOfField asOf={report.asOf} today={today} onChange={onAsOf} />
          </Inset>
        </BlockStack>
      )}
      {inputs.orders === 0 && cut === null ? null : <CutCard {...props} onCut={onCut} />}
      <Notice {...props} />
      {inputs.counted > 0 ? (
        <FiveNumbers {...{ report, compared, counting, cut, today, inOtherCurrency, freshAtMs, onDays }} />
      ) : null}
      {overall.customers > 0 && cut === null ? <WeeklyActions {...{ actions, today }} awaited={adviceAwaited} currency={report.currency} asOf={report.asOf} /> : null}
      {overall.customers > 0 ? <CohortHeatMap cohorts={report.cohorts} currency={report.currency} basis={basis} asOf={report.asOf} cut={cut} /> : null}
      {overall.customers > 0 ? <ComingBackCard report={report} counting={counting} /> : null}
      {overall.customers > 0 ? (
        <CustomerGroups {...report.rfm} basis={basis} currency={report.currency} agreement={props.agreement} asOf={report.asOf} isPart={cut !== null} />
      ) : null}
      {overall.customers > 0 && standing !== null ? <StoreStandingCard standing={standing} currency={report.currency} asOf={report.asOf} /> : null}
    </BlockStack>
  );
});

/** Of which customers all numbers of the page are. */
function CutCard({ cut, cuts, countryNames, onCut }: RetentionDashboardProps & Pick<DashboardEvents, 'onCut'>) {
  const { t } = useTranslation('overview');
  return (
    <Card>
      <BlockStack gap="300">
        <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
          <CutFields label={t('cut.whose')} {...{ cut, cuts, countryNames }} onChange={onCut} />
        </InlineGrid>
        {cut === null ? null : (
          <Text as="p" tone="subdued">
            {t('cut.part')}
          </Text>
        )}
      </BlockStack>
    </Card>
  );
}

/** Where the merchant has chosen another way of counting than ours: which. */
function CountingLine({ counting }: { counting: OrderCounting }) {
  const { t } = useTranslation('metrics');
  const { notice } = useCountingWords(counting);
  if (notice === null) return null;
  return (
    <Inset>
      <Text as="p" tone="subdued">
        {notice} <Link url="/app/settings/counting">{t('counting.change')}</Link>
      </Text>
    </Inset>
  );
}

/** One at a time, the weightiest: what the reader must know before the numbers. */
function Notice({ report, historyDays, inOtherCurrency, cut }: RetentionDashboardProps) {
  const { t } = useTranslation('overview');
  const formats = useFormats();
  const exclusions = useExclusions(report.inputs, inOtherCurrency);
  const { inputs, overall } = report;
  const orders = inputs.orders + inOtherCurrency;
  if (orders === 0 && cut !== null) return <Words title={t('cut.nobodyTitle')} text={t('cut.nobody')} />;
  if (orders === 0) return <Words title={t('noOrders.title')} text={t('noOrders.text')} />;
  if (inputs.counted === 0) {
    const text = t('noneCounted.text', { count: orders, number: formats.count(orders), reasons: exclusions ?? '' });
    return <Words title={t('noneCounted.title')} text={text} />;
  }
  if (historyDays !== null) return <LimitedHistory historyDays={historyDays} />;
  if (overall.customers === 0) {
    const text = t('noCustomers.text', { count: inputs.counted, number: formats.count(inputs.counted) });
    return <Words title={t('noCustomers.title')} text={text} />;
  }
  if (overall.customers >= FEW_CUSTOMERS) return null;
  return (
    <Banner tone="info">
      <p>{t('little.text', { count: overall.customers, number: formats.count(overall.customers) })}</p>
    </Banner>
  );
}

function Words({ title, text }: { title: string; text: string }) {
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
        <Text as="p">{text}</Text>
      </BlockStack>
    </Card>
  );
}
