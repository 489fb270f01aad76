import { BlockStack, Checkbox, Divider, InlineGrid, Select, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { OFFER_GRANT_KINDS } from '#app/domain/offers/offer-rule.ts';
import { MOST_OF_OFFERS } from '#app/domain/offers/offer-settings.ts';
import { MoneyInput, NumberInput, WordInput } from './offer-inputs.tsx';
import { RuleConditions } from './rule-conditions.tsx';
import type { RuleFieldsProps } from './rule-conditions.tsx';

/** A rule: whether it is on, who gets what, and for how long. */
export function RuleFields(props: RuleFieldsProps) {
  const { path, rule, onChange } = props;
  const { t } = useTranslation('offers');
  return (
    <BlockStack gap="400">
      <Checkbox label={t('rule.isEnabled')} checked={rule.isEnabled} onChange={(isEnabled) => onChange({ isEnabled })} />
      <WordInput path={`${path}.name`} label={t('rule.name')} help={t('rule.nameHelp')} value={rule.name} maxLength={MOST_OF_OFFERS.nameLength} onChange={(name) => onChange({ name })} />
      <Divider />
      <RuleConditions {...props} />
      <Divider />
      <GrantFields {...props} />
      <ValidityFields {...props} />
    </BlockStack>
  );
}

function GrantFields({ path, rule, currency, onChange }: RuleFieldsProps) {
  const { t } = useTranslation('offers');
  const { kind } = rule;
  const chooseKind = (typed: string) => {
    const known = OFFER_GRANT_KINDS.find((one) => one === typed);
    if (known !== undefined) onChange({ kind: known });
  };
  const minimumHelp = t(currency === null ? 'rule.noCurrency' : 'rule.minimumHelp');
  return (
    <BlockStack gap="300">
      <Text as="h4" variant="headingSm">
        {t('rule.gives')}
      </Text>
      <InlineGrid columns={{ xs: 1, sm: 2 }} gap="400">
        <Select label={t('rule.kind')} helpText={t(`rule.kindHelp.${kind}`)} options={OFFER_GRANT_KINDS.map((one) => ({ value: one, label: t(`rule.kinds.${one}`) }))} value={kind} onChange={chooseKind} />
        {kind === 'percent' ? <NumberInput path={`${path}.percent`} label={t('rule.percent')} value={rule.percent} suffix="%" isDecimal onChange={(percent) => onChange({ percent })} /> : null}
        {kind === 'amount' || kind === 'store-credit' ? (
          <MoneyInput path={`${path}.amount`} label={t('rule.amount')} help={currency === null ? t('rule.noCurrency') : undefined} value={rule.amount} currency={currency} onChange={(amount) => onChange({ amount })} />
        ) : null}
        {kind === 'store-credit' ? null : (
          <MoneyInput path={`${path}.minimum`} label={t('rule.minimum')} help={minimumHelp} value={rule.minimum} currency={currency} onChange={(minimum) => onChange({ minimum })} />
        )}
      </InlineGrid>
      {kind === 'store-credit' ? null : (
        <Text as="p" tone="subdued">
          {t('rule.oneUse')}
        </Text>
      )}
    </BlockStack>
  );
}

function ValidityFields({ path, rule, onChange }: RuleFieldsProps) {
  const { t } = useTranslation('offers');
  const isDays = rule.validity === 'days';
  return (
    <InlineGrid columns={{ xs: 1, sm: 2 }} gap="400">
      <Select
        label={t('rule.validity')}
        options={(['days', 'hours'] as const).map((kind) => ({ value: kind, label: t(`rule.validityOf.${kind}`) }))}
        value={rule.validity}
        onChange={(typed) => onChange({ validity: typed === 'hours' ? 'hours' : 'days' })}
      />
      {isDays ? (
        <NumberInput path={`${path}.days`} label={t('rule.days')} help={t('rule.daysHelp')} value={rule.days} suffix={t('rule.daysUnit')} onChange={(days) => onChange({ days })} />
      ) : (
        <NumberInput path={`${path}.hours`} label={t('rule.hours')} help={t('rule.hoursHelp')} value={rule.hours} suffix={t('rule.hoursUnit')} onChange={(hours) => onChange({ hours })} />
      )}
    </InlineGrid>
  );
}
