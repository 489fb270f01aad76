import { BlockStack, Button, ButtonGroup, Card, InlineStack, Text } from '@shopify/polaris';
import { memo, useCallback, useDeferredValue, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { cohortLinks } from '#app/components/customers-link.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';
import styles from './cohort-heat-map.module.css';
import { CohortsTooYoung } from './cohorts-too-young.tsx';
import { CohortLegend, CohortMatrix } from './cohort-matrix.tsx';
import { cohortTableOf } from './cohort-table.ts';
import type { CohortsShown } from './cohort-table.ts';
import { DownloadButton } from './download-button.tsx';

const UNITS = ['retention', 'customers'] as const;

type Unit = (typeof UNITS)[number];

const MONTHS_AT_FIRST = 24;

export interface CohortHeatMapProps {
  cohorts: CohortsShown;
  currency: string;
  /** What the table rests on, in a sentence. */
  basis: string;
  asOf: string;
  /** As the address carries it; null for everybody. */
  cut: string | null;
}

/** Drawn anew when its numbers are others, and not whenever something else of the page changes. */
export const CohortHeatMap = memo(function CohortHeatMap({ cohorts, currency, basis, asOf, cut }: CohortHeatMapProps) {
  const { t, i18n } = useTranslation('cohorts');
  const [unit, setUnit] = useState<Unit>('retention');
  const [isWhole, setIsWhole] = useState(false);
  // The button answers at once, and the table as soon as it is drawn.
  const shown = useDeferredValue(unit);
  const isWholeShown = useDeferredValue(isWhole);
  const table = useMemo(
    () => cohortTableOf(cohorts, { measure: shown, cohorts: isWholeShown ? Infinity : MONTHS_AT_FIRST }),
    [cohorts, shown, isWholeShown],
  );
  const offsetName = useCallback((offset: number) => t('monthsAfter', { offset }), [t]);
  const linkOf = useMemo(() => cohortLinks({ asOf, cut }), [asOf, cut]);
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
        {table.offsets > 0 ? (
          <>
            <CohortMatrix
              table={table}
              measure={shown}
              currency={currency}
              caption={t('caption')}
              offsetName={offsetName}
              customersLink={linkOf}
            />
            <CohortLegend hasRunning={typeof cohorts.incompletePeriod === 'string'} />
          </>
        ) : (
          <CohortsTooYoung text={t('tooYoung')} rows={cohorts.rows} period="month" />
        )}
        {isWhole || !table.isWhole ? (
          <InlineStack>
            <Button onClick={() => setIsWhole(!isWhole)} variant="plain">
              {cohorts.rows.length <= MONTHS_AT_FIRST
                ? t(isWhole ? 'showFewerColumns' : 'showAllColumns')
                : t(isWhole ? 'showFewer' : 'showAll', { count: isWhole ? MONTHS_AT_FIRST : cohorts.rows.length })}
            </Button>
          </InlineStack>
        ) : null}
        <InlineStack>
          <DownloadButton asOf={asOf} cut={cut} />
        </InlineStack>
        <Text as="p" variant="bodySm" tone="subdued">
          {joinSentences(i18n.language, [t(`page.formulas.${shown}`, { worth: '' }), basis])}
        </Text>
      </BlockStack>
    </Card>
  );
});

function UnitChoice({ unit, onChoose }: { unit: Unit; onChoose: (unit: Unit) => void }) {
  const { t } = useTranslation('cohorts');
  return (
    <div role="group" aria-label={t('view')}>
      <ButtonGroup variant="segmented">
        {UNITS.map((choice) => (
          <Button key={choice} pressed={unit === choice} onClick={() => onChoose(choice)}>
            {t(choice === 'retention' ? 'percent' : 'customers')}
          </Button>
        ))}
      </ButtonGroup>
    </div>
  );
}
