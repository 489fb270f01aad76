import { BlockStack, Box, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { Inset } from '#app/components/inset.tsx';
import { AsOfField } from '#app/components/retention/as-of-field.tsx';
import { useCountingWords } from '#app/components/retention/use-counting-words.ts';
import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';
import type { PredictionsAtAGlance } from '#app/domain/retention/predictions/predictions-at-a-glance.ts';
import { CalibrationCard } from './calibration-card.tsx';
import { CuriousCard } from './curious-card.tsx';
import { ModelsCard } from './models-card.tsx';
import type { ModelsCardProps } from './models-card.tsx';
import { NextYearCard } from './next-year-card.tsx';
import { ProofCard } from './proof-card.tsx';
import { ShortageCard } from './shortage-card.tsx';
import { AliveCard, StatesCard } from './standing-cards.tsx';
import { WeeklyCard } from './weekly-card.tsx';

/** Kept while nothing is said, so that what is below stays where it is. */
const LINE_HEIGHT = '20px';

export interface PredictionsPageProps extends PredictionsAtAGlance {
  asOf: string;
  today: string;
  timeZone: string;
  currency: string;
  counting: OrderCounting;
  /** When the models were fitted; epoch milliseconds. */
  fittedAtMs: number;
  /** The server's clock. */
  nowMs: number;
  /** Another day was asked for, and is not here yet. */
  isReloading: boolean;
  models: ModelsCardProps;
  onAsOf: (asOf: string) => void;
}

export function PredictionsPage(props: PredictionsPageProps) {
  const { asOf, today, timeZone, fittedAtMs, nowMs, isReloading, rule, backtest, aliveBands, models, onAsOf } = props;
  const { t } = useTranslation('predictions');
  const formats = useFormats();
  const { worth, leftOut } = useCountingWords(props.counting);
  const isTooLittle = rule?.reason === 'too-little-data';
  const fitted = isTooLittle ? '' : t('fittedAgo', { ago: formats.ago(fittedAtMs, nowMs) });
  return (
    <div aria-busy={isReloading}>
      <BlockStack gap="500">
        <Inset>
          <BlockStack gap="200">
            <Box minHeight={LINE_HEIGHT}>
              <Text as="p" tone="subdued">
                <span role="status">{isReloading ? t('reloading') : fitted}</span>
              </Text>
            </Box>
            <AsOfField asOf={asOf} today={today} onChange={onAsOf} />
          </BlockStack>
        </Inset>
        {isTooLittle ? <ShortageCard missing={rule.missing} /> : <ProofCard backtest={backtest} reason={rule?.reason ?? null} />}
        <NextYearCard {...props} />
        {backtest === null || backtest.weeks.length < 2 ? null : <WeeklyCard backtest={backtest} asOf={asOf} />}
        {backtest === null ? null : <CalibrationCard backtest={backtest} asOf={asOf} />}
        {aliveBands === null ? null : <AliveCard bands={aliveBands} asOf={asOf} />}
        {rule === null ? null : <StatesCard rule={rule} asOf={asOf} />}
        {isTooLittle ? null : <ModelsCard {...models} />}
        {isTooLittle ? null : <CuriousCard {...props} />}
        <Inset>
          <Text as="p" variant="bodySm" tone="subdued">
            {t('basis', { asOf: formats.day(asOf), timeZone, leftOut, worth })}
          </Text>
        </Inset>
      </BlockStack>
    </div>
  );
}
