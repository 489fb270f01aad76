import { BlockStack, Card, InlineGrid, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import type { OffersDraft } from '#app/domain/offers/offers-draft.ts';
import { NumberInput } from './offer-inputs.tsx';

interface LimitsProps {
  draft: OffersDraft;
  onChange: (change: Partial<OffersDraft>) => void;
}

/** What holds for all rules. */
export function LimitsCard({ draft, onChange }: LimitsProps) {
  const { t } = useTranslation('offers');
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {t('caps.title')}
        </Text>
        <InlineGrid columns={{ xs: 1, sm: 2 }} gap="400">
          <NumberInput
            path="mostOpenCodes"
            label={t('caps.mostOpenCodes')}
            help={t('caps.mostOpenCodesHelp')}
            value={draft.mostOpenCodes}
            suffix={t('caps.codes')}
            onChange={(mostOpenCodes) => onChange({ mostOpenCodes })}
          />
          <NumberInput path="mostDepth" label={t('caps.mostDepth')} help={t('caps.mostDepthHelp')} value={draft.mostDepth} suffix="%" isDecimal onChange={(mostDepth) => onChange({ mostDepth })} />
        </InlineGrid>
      </BlockStack>
    </Card>
  );
}

/** What it takes to tell what offers are worth. */
export function HoldoutCard({ draft, onChange }: LimitsProps) {
  const { t } = useTranslation('offers');
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {t('holdout.title')}
        </Text>
        <InlineGrid columns={{ xs: 1, sm: 2 }} gap="400">
          <NumberInput path="holdout" label={t('holdout.label')} help={t('holdout.help')} value={draft.holdout} suffix="%" isDecimal onChange={(holdout) => onChange({ holdout })} />
          <NumberInput path="grossMargin" label={t('caps.grossMargin')} help={t('caps.grossMarginHelp')} value={draft.grossMargin} suffix="%" isDecimal onChange={(grossMargin) => onChange({ grossMargin })} />
        </InlineGrid>
      </BlockStack>
    </Card>
  );
}
