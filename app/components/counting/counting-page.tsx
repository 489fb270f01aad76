import { BlockStack, Card, ChoiceList, Layout, Text } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { SettingsForm } from '#app/components/settings-form.tsx';
import { NumberTable } from '#app/components/tables/number-table.tsx';
import { requireCurrencyExponent } from '#app/domain/money/currency.ts';
import { COUNTING_PRESETS, isSameCounting, ORDER_VALUE_VARIANTS, parseCounting } from '#app/domain/retention/metrics/order-value.ts';
import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';
import { EXAMPLE, EXAMPLE_ORDERS, worthOfExample } from './example-orders.ts';

export interface CountingPageProps {
  saved: OrderCounting;
  /** Null until the first sync has read the shop. */
  currency: string | null;
  isSaving: boolean;
  hasFailed: boolean;
  onSave: (counting: OrderCounting) => void;
}

/** Two choices, and beside them what they make of three orders. */
export function CountingPage({ saved, currency, isSaving, hasFailed, onSave }: CountingPageProps) {
  const { t } = useTranslation('counting');
  const [edited, setEdited] = useState<OrderCounting | null>(null);
  const chosen = edited ?? saved;
  return (
    <SettingsForm
      saveBarId="counting-save-bar"
      words={{ save: t('save'), discard: t('discard'), failedTitle: t('saveFailedTitle'), failedText: t('saveFailedText') }}
      isDirty={!isSameCounting(chosen, saved)}
      isSaving={isSaving}
      hasFailed={hasFailed}
      onSave={() => onSave(chosen)}
      onDiscard={() => setEdited(null)}
    >
      <Layout.Section>
        <Choices chosen={chosen} onChange={setEdited} />
      </Layout.Section>
      {currency === null ? null : (
        <Layout.Section variant="oneThird">
          <Examples chosen={chosen} currency={currency} />
        </Layout.Section>
      )}
    </SettingsForm>
  );
}

function Choices({ chosen, onChange }: { chosen: OrderCounting; onChange: (counting: OrderCounting) => void }) {
  const { t } = useTranslation(['counting', 'metrics']);
  const change = (preset: string, value: string) => onChange(parseCounting(preset, value) ?? chosen);
  return (
    <BlockStack gap="400">
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            {t('preset.title')}
          </Text>
          <ChoiceList
            title={t('preset.title')}
            titleHidden
            name="preset"
            choices={COUNTING_PRESETS.map((value) => ({ value, label: t(`preset.${value}`), helpText: t(`preset.${value}Help`) }))}
            selected={[chosen.preset]}
            onChange={([preset = '']) => change(preset, chosen.value)}
          />
          <Text as="p" tone="subdued">
            {t('preset.never')}
          </Text>
        </BlockStack>
      </Card>
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            {t('value.title')}
          </Text>
          <ChoiceList
            title={t('value.title')}
            titleHidden
            name="value"
            choices={ORDER_VALUE_VARIANTS.map((value) => ({ value, label: t(`value.${value}`), helpText: t(`metrics:counting.formula.${value}`) }))}
            selected={[chosen.value]}
            onChange={([value = '']) => change(chosen.preset, value)}
          />
          <Text as="p" tone="subdued">
            {t('value.tips')}
          </Text>
        </BlockStack>
      </Card>
    </BlockStack>
  );
}

function Examples({ chosen, currency }: { chosen: OrderCounting; currency: string }) {
  const { t } = useTranslation('counting');
  const formats = useFormats();
  const minorPerUnit = 10 ** requireCurrencyExponent(currency);
  const money = (units: number) => formats.money(units * minorPerUnit, currency);
  return (
    <Card>
      <BlockStack gap="300">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t('examples.title')}
          </Text>
          <Text as="p" tone="subdued">
            {t('examples.text', { goods: money(EXAMPLE.goods), tax: money(EXAMPLE.tax), shipping: money(EXAMPLE.shipping) })}
          </Text>
        </BlockStack>
        <div aria-live="polite">
          <NumberTable
            caption={t('examples.caption')}
            nameTitle={t('examples.order')}
            columns={[{ title: t('examples.worth') }]}
            rows={EXAMPLE_ORDERS.map((which) => {
              const worthMinor = worthOfExample(which, chosen, minorPerUnit);
              const worth = worthMinor === null ? t('examples.noPurchase') : formats.money(worthMinor, currency);
              return { key: which, name: t(`examples.${which}`, { goods: money(EXAMPLE.returnedGoods) }), cells: [worth] };
            })}
          />
        </div>
      </BlockStack>
    </Card>
  );
}
