import { BlockStack, Button, ButtonGroup, Card, InlineStack, Text } from '@shopify/polaris';
import { memo, useCallback, useDeferredValue, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { cohortLinks } from '#app/components/customers-link.ts';
import { useFormats } from '#app/components/formats.tsx';
import { Inset } from '#app/components/inset.tsx';
import { AsOfField } from '#app/components/retention/as-of-field.tsx';
import { CohortLegend, CohortMatrix } from '#app/components/retention/cohort-matrix.tsx';
import { CohortsTooYoung } from '#app/components/retention/cohorts-too-young.tsx';
import { COHORT_MEASURES, cohortTableOf } from '#app/components/retention/cohort-table.ts';
import type { CohortMeasure, CohortsShown } from '#app/components/retention/cohort-table.ts';
import { DownloadButton } from '#app/components/retention/download-button.tsx';
import { FreshnessLine } from '#app/components/retention/freshness-line.tsx';
import { LimitedHistory } from '#app/components/retention/limited-history.tsx';
import { useCountingWords } from '#app/components/retention/use-counting-words.ts';
import { averageByOffset } from '#app/domain/retention/metrics/cohort-averages.ts';
import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';
import { CohortControls } from './cohort-controls.tsx';
import type { CohortControlsProps } from './cohort-controls.tsx';
import { CohortCurves } from './cohort-curves.tsx';
import type { Curve } from './cohort-curves.tsx';
import { nameOfCut } from './cut-fields.tsx';
import { useCutWords } from './use-cut-words.ts';

export interface CohortPageProps extends Pick<CohortControlsProps, 'period' | 'cut' | 'compare' | 'cuts' | 'countryNames'> {
  asOf: string;
  today: string;
  timeZone: string;
  currency: string;
  counting: OrderCounting;
  freshAtMs: number | null;
  historyDays: number | null;
  /** The server's clock. */
  nowMs: number;
  customers: number;
  cohorts: CohortsShown;
  compared: readonly ({ value: string | null } & Omit<Curve, 'name'>)[];
  onChange: (changes: Readonly<Record<string, string | null>>) => void;
}

const COHORTS_AT_FIRST = 24;

export function CohortPage(props: CohortPageProps) {
  const { period, cut, compare, cuts, asOf, today, timeZone, currency, counting, customers, cohorts, compared, countryNames, freshAtMs, historyDays, nowMs, onChange } = props;
  const { t } = useTranslation('cohorts');
  const words = useCutWords(countryNames);
  const whole = cut === null ? t('page.everybody') : nameOfCut(cut, cuts, words);
  const curves = useMemo(
    () =>
      compare === null || compared.length === 0
        ? [{ name: whole, customers, weightedCurve: cohorts.weightedCurve, averages: averagesOf(cohorts) }]
        : compared.map(({ value, ...curve }) => ({ ...curve, name: words.value(compare, value) })),
    [compare, compared, whole, customers, cohorts, words],
  );
  const [chosen, setChosen] = useState<CohortMeasure>('retention');
  // The button answers at once, and table and chart as soon as they are drawn.
  const measure = useDeferredValue(chosen);
  const { worth } = useCountingWords(counting);
  return (
    <BlockStack gap="500">
      <BlockStack gap="200">
        <FreshnessLine lastOrderAtMs={null} {...{ freshAtMs, nowMs, timeZone }} />
        <Inset>
          <AsOfField asOf={asOf} today={today} onChange={(day) => onChange({ asOf: day })} />
        </Inset>
      </BlockStack>
      <LimitedHistory historyDays={historyDays} />
      <CohortControls {...{ period, cut, compare, cuts, countryNames, onChange }} />
      {customers === 0 ? (
        <Card>
          <Text as="p">{t('page.nobody')}</Text>
        </Card>
      ) : (
        <>
          <CohortTableCard {...{ period, cut, asOf, timeZone, currency, counting, customers, cohorts, chosen, measure }} onMeasure={setChosen} />
          <CohortCurves {...{ curves, period, currency, worth }} rows={compare === null || compared.length === 0 ? cohorts.rows : []} measure={measure === 'customers' ? 'retention' : measure} />
        </>
      )}
    </BlockStack>
  );
}

interface CohortTableCardProps extends Pick<CohortPageProps, 'period' | 'cut' | 'asOf' | 'timeZone' | 'currency' | 'counting' | 'customers' | 'cohorts'> {
  /** The measure whose button is pressed. */
  chosen: CohortMeasure;
  /** The one that is drawn. */
  measure: CohortMeasure;
  onMeasure: (measure: CohortMeasure) => void;
}

/** Drawn anew when its numbers are others, and not while the next are on their way. */
const CohortTableCard = memo(function CohortTableCard(props: CohortTableCardProps) {
  const { period, cut, asOf, timeZone, currency, counting, customers, cohorts, chosen, measure, onMeasure } = props;
  const { t, i18n } = useTranslation('cohorts');
  const { worth, leftOut } = useCountingWords(counting);
  const formats = useFormats();
  const [isWhole, setIsWhole] = useState(false);
  const isWholeShown = useDeferredValue(isWhole);
  const table = useMemo(
    () => cohortTableOf(cohorts, { measure, cohorts: isWholeShown ? Infinity : COHORTS_AT_FIRST }),
    [cohorts, measure, isWholeShown],
  );
  const offsetName = useCallback((offset: number) => t(`page.offsetName.${period}`, { offset }), [t, period]);
  const linkOf = useMemo(() => cohortLinks({ asOf, cut }), [asOf, cut]);
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t(`page.titles.${measure}`)}
          </Text>
          <Text as="p" tone="subdued">
            {joinSentences(i18n.language, [t(`page.texts.${period}`), t(`page.measureTexts.${measure}`)])}
          </Text>
        </BlockStack>
        <div role="group" aria-label={t('view')}>
          <ButtonGroup variant="segmented">
            {COHORT_MEASURES.map((choice) => (
              <Button key={choice} pressed={chosen === choice} onClick={() => onMeasure(choice)}>
                {t(`page.measures.${choice}`)}
              </Button>
            ))}
          </ButtonGroup>
        </div>
        {table.offsets === 0 ? (
          <CohortsTooYoung text={t(period === 'rolling30Days' ? 'page.tooYoungRolling' : 'page.tooYoung')} rows={cohorts.rows} period={period} />
        ) : (
          <>
            <CohortMatrix {...{ table, measure, currency, offsetName }} caption={t(`page.titles.${measure}`)} customersLink={linkOf} />
            <CohortLegend hasRunning={typeof cohorts.incompletePeriod === 'string'} />
          </>
        )}
        <InlineStack gap="300">
          {isWhole || !table.isWhole ? (
            <Button onClick={() => setIsWhole(!isWhole)}>
              {cohorts.rows.length <= COHORTS_AT_FIRST
                ? t(isWhole ? 'showFewerColumns' : 'showAllColumns')
                : t(isWhole ? 'page.showFewer' : 'page.showAll', { count: isWhole ? COHORTS_AT_FIRST : cohorts.rows.length })}
            </Button>
          ) : null}
          <DownloadButton asOf={asOf} period={period} cut={cut} />
        </InlineStack>
        <Text as="p" variant="bodySm" tone="subdued">
          {joinSentences(i18n.language, [
            t(`page.formulas.${measure}`, { worth }),
            leftOut,
            t('page.basis', { asOf: formats.day(asOf), timeZone, customers: formats.count(customers) }),
          ])}
        </Text>
      </BlockStack>
    </Card>
  );
});

function averagesOf(cohorts: CohortsShown): Curve['averages'] {
  return { orders: averageByOffset(cohorts, 'orders'), revenue: averageByOffset(cohorts, 'revenue') };
}
