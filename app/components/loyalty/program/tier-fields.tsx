import { BlockStack, Button, Checkbox, InlineGrid, InlineStack, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { NAME_LENGTH, PROGRAM_LIMITS, TAG_LENGTH } from '#app/domain/loyalty/program/program-limits.ts';
import type { TierDraft } from '#app/domain/loyalty/program/tiers-draft.ts';
import styles from './form-row.module.css';
import { MoneyField, NumberField, WordField } from './program-fields.tsx';

export interface TierFieldsProps {
  index: number;
  tier: TierDraft;
  basis: 'points' | 'spend' | 'orders';
  shopCurrency: string;
  onChange: (change: Partial<TierDraft>) => void;
  onRemove: () => void;
}

const FACTORS = { least: PROGRAM_LIMITS.tierFactorBasisPoints.least / 10_000, most: PROGRAM_LIMITS.tierFactorBasisPoints.most / 10_000 };

/** A tier: what it takes, and what it gives. The first is everybody's, so it takes nothing. */
export function TierFields(props: TierFieldsProps) {
  const { index, tier, onChange, onRemove } = props;
  const { t } = useTranslation(['loyaltyTiers', 'loyalty']);
  const path = `tiers.levels[${index}]`;
  const name = tier.name.trim() === '' ? t('number', { number: index + 1 }) : tier.name;
  return (
    <div role="group" aria-label={name} className={styles['item']}>
      <BlockStack gap="300">
        <InlineGrid columns={{ xs: 1, sm: 2 }} gap="400">
          <WordField path={`${path}.name`} label={t('name')} value={tier.name} maxLength={NAME_LENGTH} onChange={(typed) => onChange({ name: typed })} />
          <ThresholdField {...props} path={`${path}.threshold`} />
          <NumberField
            path={`${path}.factorBasisPoints`}
            label={t('loyalty:multipliers.factor')}
            help={t('factorHelp')}
            value={tier.factor}
            limits={FACTORS}
            suffix="×"
            isDecimal
            onChange={(factor) => onChange({ factor })}
          />
          <NumberField
            path={`${path}.entryPoints`}
            label={t('entryPoints')}
            help={t('entryPointsHelp')}
            value={tier.entryPoints}
            limits={PROGRAM_LIMITS.points}
            suffix={t('loyalty:earning.pointsUnit')}
            onChange={(entryPoints) => onChange({ entryPoints })}
          />
          <WordField path={`${path}.tag`} label={t('tag')} help={t('tagHelp')} value={tier.tag} maxLength={TAG_LENGTH} onChange={(tag) => onChange({ tag })} />
        </InlineGrid>
        <InlineStack align="space-between" blockAlign="center" gap="300">
          <Checkbox label={t('freeShipping')} helpText={t('freeShippingHelp')} checked={tier.hasFreeShipping} onChange={(hasFreeShipping) => onChange({ hasFreeShipping })} />
          {index === 0 ? null : (
            <Button variant="plain" tone="critical" accessibilityLabel={t('loyalty:multipliers.removeOf', { name })} onClick={onRemove}>
              {t('loyalty:remove')}
            </Button>
          )}
        </InlineStack>
      </BlockStack>
    </div>
  );
}

function ThresholdField({ index, tier, basis, shopCurrency, onChange, path }: TierFieldsProps & { path: string }) {
  const { t } = useTranslation('loyaltyTiers');
  if (index === 0) {
    return (
      <BlockStack gap="100">
        <Text as="p">{t('threshold')}</Text>
        <Text as="p" tone="subdued">
          {t('everybody')}
        </Text>
      </BlockStack>
    );
  }
  const shared = { path, label: t('threshold'), value: tier.threshold, onChange: (threshold: string) => onChange({ threshold }) };
  if (basis === 'spend') return <MoneyField {...shared} currency={shopCurrency} />;
  return <NumberField {...shared} limits={PROGRAM_LIMITS.threshold} suffix={t(`units.${basis}`)} />;
}
