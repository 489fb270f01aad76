import { BlockStack, Button } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { MOST } from '#app/domain/loyalty/program/program-limits.ts';
import type { MultiplierDraft } from '#app/domain/loyalty/program/setup-draft.ts';
import type { SetupCardProps } from './earning-card.tsx';
import { FormCard } from './form-card.tsx';
import { MultiplierFields } from './multiplier-fields.tsx';

/** Better rates for some products or some days. A line of an order earns by one of them, the best. */
export function MultipliersCard({ draft, onChange }: Pick<SetupCardProps, 'draft' | 'onChange'>) {
  const { t } = useTranslation('loyalty');
  const { multipliers } = draft;
  const set = (changed: readonly MultiplierDraft[]) => onChange({ multipliers: changed });
  const add = () =>
    set([
      ...multipliers,
      { id: `multiplier-${crypto.randomUUID()}`, name: '', scopeKind: 'products', productIds: [], collectionIds: [], factor: '2', firstDay: '', lastDay: '' },
    ]);
  return (
    <FormCard title={t('multipliers.title')} text={t('multipliers.text')}>
      {multipliers.length === 0 ? null : (
        <BlockStack>
          {multipliers.map((multiplier, index) => (
            <MultiplierFields
              key={multiplier.id}
              index={index}
              multiplier={multiplier}
              onChange={(change) => set(multipliers.map((one, at) => (at === index ? { ...one, ...change } : one)))}
              onRemove={() => set(multipliers.filter((_, at) => at !== index))}
            />
          ))}
        </BlockStack>
      )}
      {multipliers.length < MOST.multipliers ? (
        <div>
          <Button onClick={add}>{t('multipliers.add')}</Button>
        </div>
      ) : null}
    </FormCard>
  );
}
