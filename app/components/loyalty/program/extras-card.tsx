import { BlockStack, Button, Divider, InlineGrid, Select, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { MOST, PROGRAM_LIMITS } from '#app/domain/loyalty/program/program-limits.ts';
import type { BonusDraft } from '#app/domain/loyalty/program/setup-draft.ts';
import type { SetupCardProps } from './earning-card.tsx';
import { FormCard } from './form-card.tsx';
import styles from './form-row.module.css';
import { MoneyField, NumberField } from './program-fields.tsx';

/** Points for more than the value of an order; nothing typed is none. */
export function ExtrasCard(props: SetupCardProps) {
  const { draft, onChange } = props;
  const { t } = useTranslation('loyalty');
  const fields = ['welcomePoints', 'firstOrderPoints', 'birthdayPoints', 'maximumPointsAnOrder', 'maximumPointsByHand'] as const;
  return (
    <FormCard title={t('extras.title')} text={t('extras.text')}>
      <InlineGrid columns={{ xs: 1, sm: 2 }} gap="400">
        {fields.map((field) => (
          <NumberField
            key={field}
            path={`earning.${field}`}
            label={t(`extras.${field}`)}
            help={t(`extras.${field}Help`)}
            value={draft[field]}
            limits={PROGRAM_LIMITS.points}
            suffix={t('earning.pointsUnit')}
            onChange={(typed) => onChange({ [field]: typed })}
          />
        ))}
      </InlineGrid>
      <Divider />
      <BonusFields {...props} />
    </FormCard>
  );
}

/** Of several bonuses that an order reaches it gets the highest. */
function BonusFields({ draft, shopCurrency, onChange }: SetupCardProps) {
  const { t } = useTranslation('loyalty');
  const { thresholdBonuses: bonuses } = draft;
  const currencies = draft.rates.map(({ currency }) => currency);
  const set = (thresholdBonuses: readonly BonusDraft[]) => onChange({ thresholdBonuses });
  const put = (index: number, change: Partial<BonusDraft>) => set(bonuses.map((bonus, at) => (at === index ? { ...bonus, ...change } : bonus)));
  const add = () => set([...bonuses, { id: `bonus-${crypto.randomUUID()}`, currency: shopCurrency, minimum: '', points: '' }]);
  return (
    <BlockStack gap="300">
      <BlockStack gap="100">
        <Text as="h3" variant="headingSm">
          {t('extras.bonuses')}
        </Text>
        <Text as="p" tone="subdued">
          {t('extras.bonusesText')}
        </Text>
      </BlockStack>
      {bonuses.map(({ id, currency, minimum, points }, index) => {
        const path = `earning.thresholdBonuses[${index}]`;
        const all = [...new Set([...currencies, currency])];
        return (
          <div key={id} className={styles['row']} role="group" aria-label={t('extras.bonusNumber', { number: index + 1 })}>
            <MoneyField path={`${path}.minimumMinor`} label={t('extras.bonusFrom')} value={minimum} currency={currency} onChange={(typed) => put(index, { minimum: typed })} />
            <NumberField
              path={`${path}.points`}
              label={t('extras.bonusPoints')}
              value={points}
              limits={PROGRAM_LIMITS.points}
              suffix={t('earning.pointsUnit')}
              onChange={(typed) => put(index, { points: typed })}
            />
            {all.length > 1 ? (
              <Select label={t('extras.bonusCurrency')} options={all} value={currency} onChange={(code) => put(index, { currency: code })} />
            ) : null}
            <div className={styles['remove']}>
              <Button variant="plain" accessibilityLabel={t('extras.removeBonus', { number: index + 1 })} onClick={() => set(bonuses.filter((_, at) => at !== index))}>
                {t('remove')}
              </Button>
            </div>
          </div>
        );
      })}
      {bonuses.length < MOST.thresholdBonuses ? (
        <div>
          <Button onClick={add}>{t('extras.addBonus')}</Button>
        </div>
      ) : null}
    </BlockStack>
  );
}
