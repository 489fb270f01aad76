import { BlockStack, Box, ChoiceList, Filters, Select, Text } from '@shopify/polaris';
import { memo, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { OrderDimension } from '#app/domain/retention/columns/order-columns.ts';
import { REPLENISHMENT_URGENCIES } from '#app/domain/retention/products/replenishment-urgency.ts';
import { LIFECYCLE_STAGES, LIFECYCLE_STATES, RFM_GROUPS } from '#app/domain/retention/report/report.ts';
import { CHOICE_FIELDS, RANGE_FIELDS } from '#app/domain/segments/segment.ts';
import type { ChoiceField, Condition, Segment } from '#app/domain/segments/segment.ts';
import styles from './customer-filters.module.css';
import type { ConditionWords } from './use-condition-words.ts';
import { RangeFilter } from './range-filter.tsx';

export interface CustomerFiltersProps {
  segment: Segment;
  words: ConditionWords;
  search: string;
  currency: string;
  hasPredictions: boolean;
  choices: Readonly<Record<OrderDimension | 'tier', readonly (string | null)[]>>;
  onSegment: (segment: Segment) => void;
  onSearch: (search: string) => void;
}

const PREDICTED: readonly string[] = ['pAlive', 'expectedOrders365', 'predictedClv365Minor'];
const ALWAYS_OFFERED: readonly string[] = ['orders', 'daysSinceLastOrder', 'state'];
/** Shopify is asked for each search. */
const TYPING_PAUSE_MS = 600;
/** "Not known" among the values of a list of choices, which are texts. */
const UNKNOWN = '\0';

/** Search and one filter for each thing that can be asked of a customer. They stay as they are while a page is turned. */
export const CustomerFilters = memo(function CustomerFilters(props: CustomerFiltersProps) {
  const { segment, words, search, onSegment, onSearch } = props;
  const { t } = useTranslation('customers');
  const [typed, setTyped] = useTypedSearch(search, onSearch);
  const { conditions } = segment;
  const asked = filtersAsked(conditions);
  const change = (known: Condition | undefined, condition: Condition | null) => {
    const added = known === undefined && condition !== null ? [condition] : [];
    onSegment({ ...segment, conditions: [...conditions.flatMap((one) => (one === known ? (condition ?? []) : one)), ...added] });
  };
  const fields = [...RANGE_FIELDS, ...CHOICE_FIELDS];
  const offered = fields.filter((field) => isOffered(field, props) && asked.every((known) => known.field !== field));
  const filters = [...asked, ...offered.map((field): FilterAsked => ({ key: field, field }))].sort((a, b) => fields.indexOf(a.field) - fields.indexOf(b.field));
  return (
    <div className={styles['filters']}>
      <Filters
        queryValue={typed}
        queryPlaceholder={t('search')}
        onQueryChange={setTyped}
        onQueryClear={() => onSearch('')}
        loading={typed.trim() !== search}
        filters={filters.map(({ key, field, condition: known }) => ({
          key,
          label: t(`fields.${field}`),
          pinned: ALWAYS_OFFERED.includes(key),
          filter: <ConditionEditor {...props} field={field} condition={known} onChange={(condition) => change(known, condition)} />,
        }))}
        appliedFilters={asked.flatMap(({ key, condition }) =>
          condition === undefined ? [] : [{ key, label: words.condition(condition), onRemove: () => change(condition, null) }],
        )}
        onClearAll={() => onSegment({ match: 'all', conditions: [] })}
      />
      {conditions.length < 2 ? null : (
        <Box paddingInline="400" paddingBlockStart="300" maxWidth="360px">
          <Select
            label={t('filters.match')}
            labelInline
            value={segment.match}
            options={[
              { value: 'all', label: t('filters.all') },
              { value: 'any', label: t('filters.any') },
            ]}
            onChange={(match) => onSegment({ ...segment, match: match === 'any' ? 'any' : 'all' })}
          />
        </Box>
      )}
    </div>
  );
});

interface FilterAsked {
  key: string;
  field: Condition['field'];
  condition?: Condition;
}

/** Each condition has a filter of its own: of one field there are two where a number under a cut leads here. */
function filtersAsked(conditions: readonly Condition[]): FilterAsked[] {
  return conditions.map((condition, place) => {
    const { field } = condition;
    const earlier = conditions.slice(0, place).filter((known) => known.field === field).length;
    return { key: earlier === 0 ? field : `${field} ${earlier + 1}`, field, condition };
  });
}

interface ConditionEditorProps extends Pick<CustomerFiltersProps, 'words' | 'currency' | 'choices'> {
  field: Condition['field'];
  condition: Condition | undefined;
  onChange: (condition: Condition | null) => void;
}

function ConditionEditor({ field, condition, words, currency, choices, onChange }: ConditionEditorProps) {
  const { t } = useTranslation('customers');
  const range = RANGE_FIELDS.find((known) => known === field);
  if (range !== undefined) {
    const known = condition?.kind === 'range' ? condition : undefined;
    return <RangeFilter field={range} condition={known} currency={currency} onChange={onChange} />;
  }
  const choice = CHOICE_FIELDS.find((known) => known === field);
  if (choice === undefined) return null;
  const chosen = condition?.kind === 'choice' ? condition.anyOf : [];
  const offered = [...new Set([...choicesOf(choice, choices), ...chosen])];
  return (
    <BlockStack gap="200">
      {choice === 'firstProduct' ? <Text as="p">{t('filters.product')}</Text> : null}
      {choice === 'replenishment' ? <Text as="p">{t('filters.replenishment')}</Text> : null}
      {choice === 'tier' ? <Text as="p">{t('filters.tier')}</Text> : null}
      <ChoiceList
        title={t(`fields.${choice}`)}
        titleHidden
        allowMultiple
        choices={offered.map((value) => ({ value: value ?? UNKNOWN, label: words.choice(choice, value) }))}
        selected={chosen.map((value) => value ?? UNKNOWN)}
        onChange={(selected: string[]) => {
          const anyOf = selected.map((value) => (value === UNKNOWN ? null : value));
          onChange(anyOf.length === 0 ? null : { kind: 'choice', field: choice, anyOf });
        }}
      />
    </BlockStack>
  );
}

/** Whether a condition can be begun with: a product is chosen on the page of products, and not every shop has the rest. */
export function isOffered(field: Condition['field'], { hasPredictions, choices }: Pick<CustomerFiltersProps, 'hasPredictions' | 'choices'>): boolean {
  if (field === 'tier') return choices.tier.length > 0;
  return field !== 'firstProduct' && (hasPredictions || !PREDICTED.includes(field));
}

/** What there is to choose for a field. */
export function choicesOf(field: ChoiceField, choices: CustomerFiltersProps['choices']): readonly (string | null)[] {
  if (field === 'rfmGroup') return RFM_GROUPS.filter((group) => group !== 'PROSPECTS');
  if (field === 'state') return LIFECYCLE_STATES;
  if (field === 'stage') return LIFECYCLE_STAGES;
  if (field === 'replenishment') return REPLENISHMENT_URGENCIES;
  return field === 'firstProduct' ? [] : choices[field];
}

/** What is typed shows at once and is searched for when typing pauses. */
function useTypedSearch(search: string, onSearch: (search: string) => void): [string, (typed: string) => void] {
  const [typed, setTyped] = useState(search);
  useEffect(() => setTyped(search), [search]);
  useEffect(() => {
    if (typed.trim() === search) return;
    const timer = setTimeout(() => onSearch(typed.trim()), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, search, onSearch]);
  return [typed, setTyped];
}
