import { BlockStack, Button, Checkbox, InlineError, InlineGrid, Select, Text } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { NAME_LENGTH, PROGRAM_LIMITS } from '#app/domain/loyalty/program/program-limits.ts';
import { REWARD_KINDS } from '#app/domain/loyalty/program/rewards-draft.ts';
import type { RewardDraft } from '#app/domain/loyalty/program/rewards-draft.ts';
import { CatalogPicker } from './catalog-picker.tsx';
import { useFieldProblem } from './field-problems.tsx';
import { NumberField, WordField } from './program-fields.tsx';
import { RewardAmount } from './reward-amount.tsx';

export interface RewardFieldsProps {
  path: string;
  reward: RewardDraft;
  /** Of the shop. */
  currency: string;
  /** Whether shoppers pay in others too. */
  hasOtherCurrencies: boolean;
  onChange: (change: Partial<RewardDraft>) => void;
}

const PERCENTS = { least: 0.01, most: 100 };

/** What a reward costs, what it gives, and its terms. */
export function RewardFields(props: RewardFieldsProps) {
  const { path, reward, onChange } = props;
  const { t } = useTranslation(['loyaltyRewards', 'loyalty']);
  return (
    <BlockStack gap="400">
      <InlineGrid columns={{ xs: 1, sm: 2 }} gap="400">
        <Select
          label={t('kind')}
          options={REWARD_KINDS.map((kind) => ({ value: kind, label: t(`kinds.${kind}`) }))}
          value={reward.kind}
          onChange={(value) => {
            const kind = REWARD_KINDS.find((known) => known === value);
            if (kind !== undefined) onChange({ kind });
          }}
        />
        <WordField path={`${path}.name`} label={t('name')} help={t('nameHelp')} value={reward.name} maxLength={NAME_LENGTH} onChange={(name) => onChange({ name })} />
      </InlineGrid>
      <Text as="p" tone="subdued">
        {t(`kindHelp.${reward.kind}`)}
      </Text>
      <GivesFields {...props} />
      <TermsFields {...props} />
    </BlockStack>
  );
}

/** Shopify's discounts are in the shop's currency. */
function AmountField({ path, reward, currency, hasOtherCurrencies, onChange }: RewardFieldsProps) {
  const { t } = useTranslation('loyaltyRewards');
  const label = reward.kind === 'any-amount' ? t('amountAStep') : t('amount');
  const help = t(reward.kind === 'store-credit' ? 'creditCurrency' : 'otherCurrencies', { currency });
  return <RewardAmount path={`${path}.amounts`} label={label} {...(hasOtherCurrencies ? { help } : {})} value={reward.amount} currency={currency} onChange={(amount) => onChange({ amount })} />;
}

function GivesFields(props: RewardFieldsProps) {
  const { path, reward, onChange } = props;
  const { t } = useTranslation(['loyaltyRewards', 'loyalty']);
  const { kind } = reward;
  if (kind === 'any-amount') return <StepFields {...props} />;
  const hasAmounts = kind === 'amount' || kind === 'store-credit';
  return (
    <InlineGrid columns={{ xs: 1, sm: 2 }} gap="400">
      <NumberField
        path={`${path}.points`}
        label={t('points')}
        value={reward.points}
        limits={PROGRAM_LIMITS.points}
        suffix={t('loyalty:earning.pointsUnit')}
        onChange={(points) => onChange({ points })}
      />
      {hasAmounts ? <AmountField {...props} /> : null}
      {kind === 'percent' ? (
        <NumberField path={`${path}.percentBasisPoints`} label={t('percent')} value={reward.percent} limits={PERCENTS} suffix="%" isDecimal onChange={(percent) => onChange({ percent })} />
      ) : null}
      {kind === 'free-product' ? <ProductField {...props} /> : null}
    </InlineGrid>
  );
}

function StepFields(props: RewardFieldsProps) {
  const { path, reward, onChange } = props;
  const { t } = useTranslation(['loyaltyRewards', 'loyalty']);
  const number = (field: 'pointsAStep' | 'leastPoints' | 'mostPoints', change: (typed: string) => Partial<RewardDraft>) => (
    <NumberField
      path={`${path}.${field}`}
      label={t(field)}
      {...(field === 'mostPoints' ? { help: t('mostPointsHelp') } : {})}
      value={reward[field]}
      limits={PROGRAM_LIMITS.points}
      suffix={t('loyalty:earning.pointsUnit')}
      onChange={(typed) => onChange(change(typed))}
    />
  );
  return (
    <InlineGrid columns={{ xs: 1, sm: 2 }} gap="400">
      {number('pointsAStep', (pointsAStep) => ({ pointsAStep }))}
      <AmountField {...props} />
      {number('leastPoints', (leastPoints) => ({ leastPoints }))}
      {number('mostPoints', (mostPoints) => ({ mostPoints }))}
    </InlineGrid>
  );
}

function ProductField({ path, reward, onChange }: RewardFieldsProps) {
  const { t } = useTranslation('loyaltyRewards');
  const [isOpen, setIsOpen] = useState(false);
  const problem = useFieldProblem(`${path}.variantId`);
  const { variantId, title } = reward;
  const chosen = variantId === 0 ? [] : [{ id: variantId, title }];
  return (
    <BlockStack gap="100" inlineAlign="start">
      <Text as="p" breakWord>
        {title === '' ? t('noProduct') : title}
      </Text>
      <Button onClick={() => setIsOpen(true)}>{t('chooseProduct')}</Button>
      {problem === undefined ? null : <InlineError fieldID={`${path}.variantId`} message={problem} />}
      <CatalogPicker
        kind="variant"
        isMultiple={false}
        isOpen={isOpen}
        chosen={chosen}
        onClose={() => setIsOpen(false)}
        onChoose={([choice]) => choice !== undefined && onChange({ variantId: choice.id, title: choice.title })}
      />
    </BlockStack>
  );
}

function TermsFields({ path, reward, currency, onChange }: RewardFieldsProps) {
  const { t } = useTranslation(['loyaltyRewards', 'loyalty']);
  const { combinesWith, kind } = reward;
  const isCode = kind !== 'store-credit';
  return (
    <BlockStack gap="300">
      <InlineGrid columns={{ xs: 1, sm: 2 }} gap="400">
        {isCode ? (
          <RewardAmount
            path={`${path}.minimumSubtotals`}
            label={t('minimum')}
            help={t('minimumHelp')}
            value={reward.minimumSubtotal}
            currency={currency}
            onChange={(minimumSubtotal) => onChange({ minimumSubtotal })}
          />
        ) : null}
        {isCode ? (
          <NumberField
            path={`${path}.validDays`}
            label={t('validDays')}
            help={t('validDaysHelp')}
            value={reward.validDays}
            limits={PROGRAM_LIMITS.validDays}
            suffix={t('loyalty:days')}
            onChange={(validDays) => onChange({ validDays })}
          />
        ) : null}
        <NumberField
          path={`${path}.limitAMember`}
          label={t('limitAMember')}
          help={t('limitHelp')}
          value={reward.limitAMember}
          limits={PROGRAM_LIMITS.limitAMember}
          suffix={t('times')}
          onChange={(limitAMember) => onChange({ limitAMember })}
        />
      </InlineGrid>
      {isCode ? (
        <BlockStack>
          <Text as="h4" variant="bodyMd">
            {t('combines')}
          </Text>
          {(['order', 'product', 'shipping'] as const).map((other) => (
            <Checkbox
              key={other}
              label={t(`combinesWith.${other}`)}
              checked={combinesWith[other]}
              onChange={(isChecked) => onChange({ combinesWith: { ...combinesWith, [other]: isChecked } })}
            />
          ))}
        </BlockStack>
      ) : null}
    </BlockStack>
  );
}
