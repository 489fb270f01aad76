import { Banner, BlockStack, Button, Card, InlineStack, Pagination, Select, Text } from '@shopify/polaris';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import type { SearchChanges } from '#app/components/change-search.ts';
import { useFormats } from '#app/components/formats.tsx';
import { Inset } from '#app/components/inset.tsx';
import { AsOfField } from '#app/components/retention/as-of-field.tsx';
import { FreshnessLine } from '#app/components/retention/freshness-line.tsx';
import { useCountingWords } from '#app/components/retention/use-counting-words.ts';
import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';
import { CUSTOMER_SORTS } from '#app/domain/segments/page-of-customers.ts';
import { segmentToQuery } from '#app/domain/segments/segment-query.ts';
import { CHOICE_FIELDS, RANGE_FIELDS } from '#app/domain/segments/segment.ts';
import type { Condition, Segment } from '#app/domain/segments/segment.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';
import { CustomerFilters } from './customer-filters.tsx';
import type { CustomerFiltersProps } from './customer-filters.tsx';
import { CustomerTable } from './customer-table.tsx';
import type { CustomerTableRow } from './customer-table.tsx';
import { useConditionWords } from './use-condition-words.ts';

export interface CustomersPageProps extends Pick<CustomerFiltersProps, 'segment' | 'choices' | 'hasPredictions'> {
  asOf: string;
  today: string;
  currency: string;
  timeZone: string;
  counting: OrderCounting;
  /** Null while nothing has told. */
  freshAtMs: number | null;
  /** The server's clock. */
  nowMs: number;
  rows: readonly CustomerTableRow[];
  count: number;
  precedingCount: number;
  customers: number;
  next: string | null;
  previous: string | null;
  notKnown: readonly Condition['field'][];
  unread: readonly string[];
  search: { found: number; withoutOrders: number; hasMore: boolean; silence: 'away' | 'not-granted' | null } | null;
  productTitles: Readonly<Record<string, string>>;
  tierNames: Readonly<Record<string, string>>;
  countryNames: Readonly<Record<string, string>>;
  isRuleInUse: boolean;
  isPredicting: boolean;
  sort: string;
  q: string;
}

interface CustomersPageEvents {
  names: Readonly<Record<string, string>>;
  isLoading: boolean;
  /** Whatever changes in the address, the list begins anew. */
  onChange: (changes: SearchChanges) => void;
  addressOf: (id: string) => string;
}

/** Names of the address that say which customers are shown, beside `q`. */
const SEGMENT_NAMES = [...RANGE_FIELDS, ...CHOICE_FIELDS, 'match'];

export function CustomersPage(props: CustomersPageProps & CustomersPageEvents) {
  const { segment, asOf, today, currency, q, hasPredictions, choices, rows, onChange } = props;
  const { t, i18n } = useTranslation('customers');
  const formats = useFormats();
  const words = useConditionWords(props);
  const { worth, leftOut } = useCountingWords(props.counting);
  const showSegment = useCallback(
    (changed: Segment) => {
      const entries = segmentToQuery(changed);
      const valuesOf = (name: string) => entries.filter(([known]) => known === name).map(([, value]) => value);
      onChange(Object.fromEntries(SEGMENT_NAMES.map((name) => [name, valuesOf(name)])));
    },
    [onChange],
  );
  const search = useCallback((text: string) => onChange({ q: text === '' ? null : text }), [onChange]);
  return (
    <BlockStack gap="400">
      <BlockStack gap="200">
        <FreshnessLine lastOrderAtMs={null} freshAtMs={props.freshAtMs} nowMs={props.nowMs} timeZone={props.timeZone} />
        <Inset>
          <AsOfField asOf={asOf} today={today} onChange={(day) => onChange({ asOf: day })} />
        </Inset>
      </BlockStack>
      <Notices {...props} />
      <Card padding="0">
        <CustomerFilters
          {...{ segment, words, currency, hasPredictions, choices }}
          search={q}
          onSegment={showSegment}
          onSearch={search}
        />
        <Head {...props} />
        {rows.length === 0 ? <Nobody {...props} onAll={() => onChange({ ...Object.fromEntries(SEGMENT_NAMES.map((name) => [name, null])), q: null })} /> : <List {...props} />}
      </Card>
      <Inset>
        <Text as="p" variant="bodySm" tone="subdued">
          {joinSentences(i18n.language, [
            t('basis', { asOf: formats.day(asOf), timeZone: props.timeZone, leftOut, worth }),
            t('guests'),
            props.isRuleInUse ? t('ruleInUse') : null,
            t('searchHelp'),
          ])}
        </Text>
      </Inset>
    </BlockStack>
  );
}

/** How many, and in which order. */
function Head({ count, customers, segment, q, sort, hasPredictions, onChange, rows }: CustomersPageProps & CustomersPageEvents) {
  const { t } = useTranslation('customers');
  const formats = useFormats();
  const isAll = segment.conditions.length === 0 && q === '';
  const numbers = { number: formats.count(count), all: formats.count(customers) };
  const hasPAlive = isPAliveKnown(rows);
  const sorts = CUSTOMER_SORTS.filter((by) => (by === 'predictedValue' ? hasPredictions : by !== 'pAlive' || hasPAlive)).flatMap((by) => [
    { value: `${by}-desc`, label: t(`sort.${by}-desc`) },
    { value: `${by}-asc`, label: t(`sort.${by}-asc`) },
  ]);
  return (
    <div style={{ padding: 'var(--p-space-300) var(--p-space-400)' }}>
      <InlineStack align="space-between" blockAlign="center" gap="300">
        <div role="status">
          <Text as="h2" variant="headingSm">
            {isAll ? t('count.all', { count, ...numbers }) : t('count.some', { count: customers, ...numbers })}
          </Text>
        </div>
        <Select label={t('sort.label')} labelInline value={sort} options={sorts} onChange={(value) => onChange({ sort: value })} />
      </InlineStack>
    </div>
  );
}

function List(props: CustomersPageProps & CustomersPageEvents) {
  const { rows, currency, names, isLoading, addressOf, precedingCount, next, previous, hasPredictions, isPredicting, onChange } = props;
  const { t } = useTranslation('customers');
  const formats = useFormats();
  const range = { from: formats.count(precedingCount + 1), to: formats.count(precedingCount + rows.length) };
  return (
    <>
      <CustomerTable {...{ rows, currency, names, isLoading, addressOf }} hasPredictions={isPredicting || hasPredictions} hasPAlive={isPredicting || isPAliveKnown(rows)} />
      {next === null && previous === null ? null : (
        <div style={{ padding: 'var(--p-space-300)' }}>
          <InlineStack align="center">
            <Pagination
              accessibilityLabel={t('pages')}
              label={t('range', range)}
              hasNext={next !== null}
              hasPrevious={previous !== null}
              nextTooltip={t('next')}
              previousTooltip={t('previous')}
              onNext={() => onChange({ after: next })}
              onPrevious={() => onChange({ before: previous })}
            />
          </InlineStack>
        </div>
      )}
    </>
  );
}

/** Why there is nobody, and the way out. */
function Nobody({ customers, asOf, today, search, q, onAll }: CustomersPageProps & { onAll: () => void }) {
  const { t } = useTranslation('customers');
  const formats = useFormats();
  const isShopEmpty = customers === 0;
  const text = () => {
    if (isShopEmpty) return asOf === today ? t('empty.noneText') : t('empty.noneBefore', { asOf: formats.day(asOf) });
    if (search === null) return t('empty.filteredText');
    if (search.silence !== null) return t(`found.${search.silence}`);
    return search.found === 0 ? t('found.none', { words: q }) : t('found.filtered');
  };
  return (
    <div style={{ padding: 'var(--p-space-600) var(--p-space-400) var(--p-space-800)' }}>
      <BlockStack gap="300" inlineAlign="center">
        <Text as="h3" variant="headingMd" alignment="center">
          {isShopEmpty ? t('empty.noneTitle') : t('empty.filteredTitle')}
        </Text>
        <Text as="p" alignment="center">
          {text()}
        </Text>
        {isShopEmpty ? null : <Button onClick={onAll}>{t('filters.clear')}</Button>}
      </BlockStack>
    </div>
  );
}

/** What the list cannot show although it was asked for. */
function Notices({ notKnown, unread, search, rows }: CustomersPageProps) {
  const { t } = useTranslation('customers');
  const formats = useFormats();
  const fieldOf = (name: string) => SEGMENT_FIELDS.find((field) => field === name);
  const words = [
    ...notKnown.map((field) => t('filters.notKnown', { field: t(`fields.${field}`) })),
    ...unread.flatMap((name) => {
      const field = fieldOf(name);
      return field === undefined ? [] : [t('filters.unread', { field: t(`fields.${field}`) })];
    }),
    ...(search !== null && rows.length > 0 && search.silence !== null ? [t(`found.${search.silence}`)] : []),
    ...(search !== null && search.withoutOrders > 0 && search.silence === null
      ? [t('found.withoutOrders', { count: search.withoutOrders, number: formats.count(search.withoutOrders) })]
      : []),
    ...(search?.hasMore === true ? [t('found.more')] : []),
  ];
  return words.length === 0 ? null : (
    <Banner tone="info">
      {[...new Set(words)].map((line) => (
        <p key={line}>{line}</p>
      ))}
    </Banner>
  );
}

function isPAliveKnown(rows: readonly CustomerTableRow[]): boolean {
  return rows.some(({ pAlive }) => pAlive !== null);
}

const SEGMENT_FIELDS = [...RANGE_FIELDS, ...CHOICE_FIELDS] as const;
