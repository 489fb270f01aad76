import { BlockStack, Button, InlineError, InlineGrid, InlineStack, Select, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { NAME_LENGTH, PROGRAM_LIMITS } from '#app/domain/loyalty/program/program-limits.ts';
import type { MultiplierDraft } from '#app/domain/loyalty/program/setup-draft.ts';
import { CatalogPicker } from './catalog-picker.tsx';
import { useFieldProblem } from './field-problems.tsx';
import styles from './form-row.module.css';
import { NumberField, WordField } from './program-fields.tsx';
import { namesQuestion, useCatalog } from './use-catalog.ts';

export interface MultiplierFieldsProps {
  index: number;
  multiplier: MultiplierDraft;
  onChange: (change: Partial<MultiplierDraft>) => void;
  onRemove: () => void;
}

const FACTORS = { least: 0, most: PROGRAM_LIMITS.factorBasisPoints.most / 10_000 };

export function MultiplierFields({ index, multiplier, onChange, onRemove }: MultiplierFieldsProps) {
  const { t } = useTranslation('loyalty');
  const path = `earning.multipliers[${index}]`;
  const days = { first: useFieldProblem(`${path}.startsAtMs`), last: useFieldProblem(`${path}.endsAtMs`) };
  const name = multiplier.name.trim() === '' ? t('multipliers.number', { number: index + 1 }) : multiplier.name;
  return (
    <div role="group" aria-label={name} className={styles['item']}>
      <BlockStack gap="300">
        <InlineGrid columns={{ xs: 1, sm: 2 }} gap="400">
          <WordField path={`${path}.name`} label={t('multipliers.name')} help={t('multipliers.nameHelp')} value={multiplier.name} maxLength={NAME_LENGTH} onChange={(typed) => onChange({ name: typed })} />
          <NumberField
            path={`${path}.factorBasisPoints`}
            label={t('multipliers.factor')}
            help={t('multipliers.factorHelp')}
            value={multiplier.factor}
            limits={FACTORS}
            suffix="×"
            isDecimal
            onChange={(factor) => onChange({ factor })}
          />
          <TextField
            type="date"
            label={t('multipliers.firstDay')}
            value={multiplier.firstDay}
            autoComplete="off"
            {...(days.first === undefined ? { helpText: t('multipliers.dayHelp') } : { error: days.first })}
            onChange={(firstDay) => onChange({ firstDay })}
          />
          <TextField
            type="date"
            label={t('multipliers.lastDay')}
            value={multiplier.lastDay}
            autoComplete="off"
            {...(days.last === undefined ? { helpText: t('multipliers.dayHelp') } : { error: days.last })}
            onChange={(lastDay) => onChange({ lastDay })}
          />
          <Select
            label={t('multipliers.scope')}
            options={(['all', 'products', 'collections'] as const).map((kind) => ({ value: kind, label: t(`multipliers.${kind}`) }))}
            value={multiplier.scopeKind}
            onChange={(scopeKind) => onChange({ scopeKind })}
          />
        </InlineGrid>
        <ScopeFields path={path} multiplier={multiplier} onChange={onChange} />
        <InlineStack align="end">
          <Button variant="plain" tone="critical" accessibilityLabel={t('multipliers.removeOf', { name })} onClick={onRemove}>
            {t('remove')}
          </Button>
        </InlineStack>
      </BlockStack>
    </div>
  );
}

/** Which products or collections, by their names as Shopify has them now. */
function ScopeFields({ path, multiplier, onChange }: Pick<MultiplierFieldsProps, 'multiplier' | 'onChange'> & { path: string }) {
  const { t } = useTranslation(['loyalty', 'metrics']);
  const formats = useFormats();
  const [isOpen, setIsOpen] = useState(false);
  const problem = useFieldProblem(`${path}.scope`);
  const isProducts = multiplier.scopeKind === 'products';
  const kind = isProducts ? 'product' : 'collection';
  const ids = isProducts ? multiplier.productIds : multiplier.collectionIds;
  const { choices: named } = useCatalog(multiplier.scopeKind === 'all' ? null : namesQuestion(kind, ids));
  if (multiplier.scopeKind === 'all') return null;
  const chosen = ids.map((id) => named.find((one) => one.id === id) ?? { id, title: t('multipliers.unnamed', { id }) });
  const SHOWN = 5;
  const names = chosen.slice(0, SHOWN).map(({ title }) => title).join(t('metrics:separator'));
  const rest = chosen.length - SHOWN;
  return (
    <BlockStack gap="200">
      <Text as="p" breakWord>
        {ids.length === 0 ? t('multipliers.noneChosen') : names}
        {rest > 0 ? ` ${t('multipliers.more', { count: rest, number: formats.count(rest) })}` : ''}
      </Text>
      {problem === undefined ? null : <InlineError fieldID={`${path}.scope`} message={problem} />}
      <div>
        <Button onClick={() => setIsOpen(true)}>{t(isProducts ? 'multipliers.chooseProducts' : 'multipliers.chooseCollections')}</Button>
      </div>
      <CatalogPicker
        kind={kind}
        isMultiple
        isOpen={isOpen}
        chosen={chosen}
        onClose={() => setIsOpen(false)}
        onChoose={(choices) => onChange(isProducts ? { productIds: choices.map(({ id }) => id) } : { collectionIds: choices.map(({ id }) => id) })}
      />
    </BlockStack>
  );
}
