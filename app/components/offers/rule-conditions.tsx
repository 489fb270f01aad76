import { BlockStack, Button, InlineError, InlineGrid, Labelled, Select, Text } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { CatalogPicker } from '#app/components/loyalty/program/catalog-picker.tsx';
import { namesQuestion, useCatalog } from '#app/components/loyalty/program/use-catalog.ts';
import { OFFER_ORDERS } from '#app/domain/offers/offer-rule.ts';
import type { RuleDraft } from '#app/domain/offers/offers-draft.ts';
import { ChoicePicker } from './choice-picker.tsx';
import { MoneyInput, WordInput } from './offer-inputs.tsx';
import { useOfferProblem } from './offer-problems.tsx';
import type { RuleChoices } from './use-rule-words.ts';

export interface RuleFieldsProps {
  /** `rules[2]` */
  path: string;
  rule: RuleDraft;
  /** Null until the first sync has read the shop. */
  currency: string | null;
  choices: RuleChoices;
  onChange: (change: Partial<RuleDraft>) => void;
}

/** Who gets what the rule gives. */
export function RuleConditions({ path, rule, currency, choices, onChange }: RuleFieldsProps) {
  const { t } = useTranslation('offers');
  const chooseOrders = (typed: string) => {
    const orders = OFFER_ORDERS.find((known) => known === typed);
    if (orders !== undefined) onChange({ orders });
  };
  return (
    <BlockStack gap="300">
      <BlockStack gap="050">
        <Text as="h4" variant="headingSm">
          {t('rule.who')}
        </Text>
        <Text as="p" tone="subdued">
          {t('rule.whoHelp')}
        </Text>
      </BlockStack>
      <InlineGrid columns={{ xs: 1, sm: 2 }} gap="400">
        <Select label={t('rule.orders')} options={OFFER_ORDERS.map((orders) => ({ value: orders, label: t(`rule.ordersOf.${orders}`) }))} value={rule.orders} onChange={chooseOrders} />
        <ChoicePicker
          path={`${path}.segments`}
          label={t('rule.segments')}
          help={t('rule.segmentsHelp')}
          choices={choices.segments}
          chosen={rule.segments}
          gone={t('rule.gone')}
          onChange={(segments) => onChange({ segments })}
        />
        <ChoicePicker
          path={`${path}.tiers`}
          label={t('rule.tiers')}
          help={t(choices.tiers.length === 0 ? 'rule.noTiers' : 'rule.tiersHelp')}
          choices={choices.tiers}
          chosen={rule.tiers}
          gone={t('rule.goneTier')}
          onChange={(tiers) => onChange({ tiers })}
        />
        <ChoicePicker
          path={`${path}.countries`}
          label={t('rule.countries')}
          choices={choices.countries}
          chosen={rule.countries}
          gone=""
          onChange={(countries) => onChange({ countries })}
        />
        <WordInput path={`${path}.provinces`} label={t('rule.provinces')} help={t('rule.provincesHelp')} value={rule.provinces} maxLength={3000} onChange={(provinces) => onChange({ provinces })} />
        <ProductField path={path} chosen={rule.products} onChange={(products) => onChange({ products })} />
      </InlineGrid>
      <InlineGrid columns={{ xs: 1, sm: 2 }} gap="400">
        <MoneyInput path={`${path}.leastSubtotal`} label={t('rule.leastSubtotal')} help={t('rule.subtotalHelp')} value={rule.leastSubtotal} currency={currency} onChange={(leastSubtotal) => onChange({ leastSubtotal })} />
        <MoneyInput path={`${path}.mostSubtotal`} label={t('rule.mostSubtotal')} value={rule.mostSubtotal} currency={currency} onChange={(mostSubtotal) => onChange({ mostSubtotal })} />
      </InlineGrid>
    </BlockStack>
  );
}

const SHOWN_NAMES = 3;

/** Which products, by their names as Shopify has them now. */
function ProductField({ path, chosen, onChange }: { path: string; chosen: readonly string[]; onChange: (products: readonly string[]) => void }) {
  const { t } = useTranslation('offers');
  const [isOpen, setIsOpen] = useState(false);
  const id = `${path}.products`;
  const problem = useOfferProblem(id);
  const { choices: named } = useCatalog(namesQuestion('product', chosen.map(Number)));
  const products = chosen.map((one) => named.find((product) => String(product.id) === one) ?? { id: Number(one), title: t('rule.goneProduct', { id: one }) });
  const names = products.slice(0, SHOWN_NAMES).map(({ title }) => title).join(', ');
  const text = products.length === 0 ? t('rule.any') : products.length > SHOWN_NAMES ? `${names} …` : names;
  return (
    <Labelled id={id} label={t('rule.products')} helpText={t('rule.productsHelp')}>
      <BlockStack gap="100" inlineAlign="start">
        <Text as="p" breakWord>
          {text}
        </Text>
        <Button id={id} onClick={() => setIsOpen(true)}>
          {t('rule.chooseProducts')}
        </Button>
        {problem === undefined ? null : <InlineError fieldID={id} message={problem} />}
      </BlockStack>
      <CatalogPicker kind="product" isMultiple isOpen={isOpen} chosen={products} onClose={() => setIsOpen(false)} onChoose={(picked) => onChange(picked.map((one) => String(one.id)))} />
    </Labelled>
  );
}
