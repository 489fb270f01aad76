import { Banner, BlockStack, Button, Card, Form, InlineStack, Layout, Select, Text, TextField } from '@shopify/polaris';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { choicesOf, isOffered } from '#app/components/customers/customer-filters.tsx';
import type { CustomerFiltersProps } from '#app/components/customers/customer-filters.tsx';
import { useConditionWords } from '#app/components/customers/use-condition-words.ts';
import { Inset } from '#app/components/inset.tsx';
import { UnsavedBar } from '#app/components/unsaved-bar.tsx';
import { REPLENISHMENT_URGENCIES } from '#app/domain/retention/products/replenishment-urgency.ts';
import { SEGMENT_LIMITS } from '#app/domain/segments/saved-segment.ts';
import { CHOICE_FIELDS, RANGE_FIELDS } from '#app/domain/segments/segment.ts';
import type { ChoiceField, Segment } from '#app/domain/segments/segment.ts';
import { writeUrgencyChoice } from '#app/domain/segments/urgency-choice.ts';
import { draftOf, emptyDraft, problemOf, segmentOfDrafts } from './condition-drafts.ts';
import type { ConditionDraft } from './condition-drafts.ts';
import { ConditionRow } from './condition-row.tsx';
import { CountCard } from './count-card.tsx';
import { useLiveCount } from './use-live-count.ts';
import { useRefillProducts } from './use-refill-products.ts';
import type { MemberCount } from './use-live-count.ts';

/** Why it was not saved, as the server says. */
export type Refusal =
  | 'name-missing' | 'name-too-long' | 'name-taken' | 'too-many' | 'no-conditions' | 'rule-too-long' | 'contradiction' | 'unreadable' | 'failed'; // prettier-ignore

export interface SegmentBuilderProps {
  name: string;
  segment: Segment;
  unread: readonly string[];
  isSaved: boolean;
  asOf: string;
  currency: string;
  initial: MemberCount;
  choices: CustomerFiltersProps['choices'];
  hasPredictions: boolean;
  countryNames: Readonly<Record<string, string>>;
  productTitles: Readonly<Record<string, string>>;
  tierNames: Readonly<Record<string, string>>;
  isSaving: boolean;
  refusal: Refusal | null;
  onSave: (name: string, segment: Segment) => void;
  onDelete: () => void;
}

/** A rule beside the number of customers who meet it now. */
export function SegmentBuilder(props: SegmentBuilderProps) {
  const { currency, asOf, isSaving, isSaved, refusal } = props;
  const { t } = useTranslation('segments');
  const [name, setName] = useState(props.name);
  const [match, setMatch] = useState(props.segment.match);
  const [drafts, setDrafts] = useState<readonly ConditionDraft[]>(() => begunDrafts(props));
  const [hasTried, setHasTried] = useState(false);
  const segment = useMemo(() => segmentOfDrafts(drafts, match, currency), [drafts, match, currency]);
  const live = useLiveCount(segment, { asOf, initial: props.initial });
  // What was begun by an address is not saved yet either, but nobody has typed it.
  const isDirty = name !== props.name || match !== props.segment.match || contentOf(drafts) !== contentOf(begunDrafts(props));
  const discard = () => {
    setName(props.name);
    setMatch(props.segment.match);
    setDrafts(begunDrafts(props));
    setHasTried(false);
  };
  const save = () => {
    setHasTried(true);
    if (segment !== null && !isSaving && drafts.every((draft) => problemOf(draft, currency) === null)) props.onSave(name, segment);
  };
  return (
    <Form noValidate onSubmit={save}>
      <UnsavedBar id="segment-save-bar" words={{ save: t('builder.save'), discard: t('builder.discard') }} isOpen={isDirty} isSaving={isSaving} onSave={save} onDiscard={discard} />
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <Problems unread={props.unread} refusal={refusal} />
            <NameCard name={name} refusal={refusal} onChange={setName} />
            <RuleCard {...props} {...{ match, drafts, hasTried }} onMatch={setMatch} onDrafts={setDrafts} />
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <CountCard live={live} segment={segment} asOf={asOf} />
        </Layout.Section>
        <Layout.Section variant="fullWidth">
          <Inset>
            <InlineStack gap="300" align="end">
              {isSaved ? (
                <Button tone="critical" variant="plain" onClick={props.onDelete}>
                  {t('builder.delete')}
                </Button>
              ) : null}
              <Button submit variant="primary" loading={isSaving}>
                {t('builder.save')}
              </Button>
            </InlineStack>
          </Inset>
        </Layout.Section>
      </Layout>
    </Form>
  );
}

function begunDrafts({ segment, currency }: Pick<SegmentBuilderProps, 'segment' | 'currency'>): ConditionDraft[] {
  return segment.conditions.map((condition, key) => draftOf(condition, key, currency));
}

/** A condition that was taken away and added again is the same. */
function contentOf(drafts: readonly ConditionDraft[]): string {
  return JSON.stringify(drafts.map((draft) => ({ ...draft, key: 0 })));
}

const OF_NAME: readonly (Refusal | null)[] = ['name-missing', 'name-too-long', 'name-taken'];
const OF_RULE: readonly (Refusal | null)[] = ['no-conditions', 'rule-too-long', 'contradiction', 'unreadable'];
const MOST = { 'name-too-long': SEGMENT_LIMITS.nameLength, 'too-many': SEGMENT_LIMITS.segments } as const;

function useRefusalWords(): (refusal: Refusal) => string {
  const { t } = useTranslation('segments');
  return (refusal) => {
    if (refusal === 'name-too-long' || refusal === 'too-many') return t(`refusals.${refusal}`, { most: MOST[refusal] });
    return t(`refusals.${refusal}`);
  };
}

/** What concerns neither the name nor the conditions that are shown. */
function Problems({ unread, refusal }: Pick<SegmentBuilderProps, 'unread' | 'refusal'>) {
  const { t } = useTranslation(['segments', 'customers', 'metrics']);
  const words = useRefusalWords();
  const names = unread.map((name) => {
    const field = [...RANGE_FIELDS, ...CHOICE_FIELDS].find((known) => known === name);
    return field === undefined ? name : t(`customers:fields.${field}`);
  });
  return (
    <>
      {refusal === null || OF_NAME.includes(refusal) || OF_RULE.includes(refusal) ? null : (
        <Banner tone="critical">
          <p>{words(refusal)}</p>
        </Banner>
      )}
      {unread.length === 0 ? null : (
        <Banner tone="warning">
          <p>{names.join('') === '' ? t('broken.all') : t('broken.names', { names: names.join(t('metrics:separator')) })}</p>
        </Banner>
      )}
    </>
  );
}

function NameCard({ name, refusal, onChange }: { name: string; refusal: Refusal | null; onChange: (name: string) => void }) {
  const { t } = useTranslation('segments');
  const words = useRefusalWords();
  return (
    <Card>
      <TextField
        label={t('builder.name')}
        helpText={t('builder.nameHelp')}
        value={name}
        error={refusal !== null && OF_NAME.includes(refusal) ? words(refusal) : undefined}
        autoComplete="off"
        onChange={onChange}
      />
    </Card>
  );
}

interface RuleCardProps extends SegmentBuilderProps {
  match: Segment['match'];
  drafts: readonly ConditionDraft[];
  hasTried: boolean;
  onMatch: (match: Segment['match']) => void;
  onDrafts: (drafts: readonly ConditionDraft[]) => void;
}

function RuleCard(props: RuleCardProps) {
  const { match, drafts, hasTried, currency, choices, refusal, onMatch, onDrafts } = props;
  const { t } = useTranslation('segments');
  const refusalWords = useRefusalWords();
  const refills = useRefillProducts(props.asOf, drafts.some(({ field }) => field === 'replenishment'));
  const productTitles = useMemo(() => ({ ...props.productTitles, ...Object.fromEntries(refills.map(({ key, title }) => [key, title])) }), [props.productTitles, refills]);
  const words = useConditionWords({ ...props, productTitles });
  const offeredOf = (field: ChoiceField) => [
    ...choicesOf(field, choices),
    ...(field === 'replenishment' ? refills.flatMap(({ key }) => REPLENISHMENT_URGENCIES.map((urgency) => writeUrgencyChoice({ urgency, product: key }))) : []),
  ];
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t('builder.rule')}
        </Text>
        <Select
          label={t('builder.match')}
          value={match}
          options={[
            { value: 'all', label: t('builder.all') },
            { value: 'any', label: t('builder.any') },
          ]}
          onChange={(value) => onMatch(value === 'any' ? 'any' : 'all')}
        />
        <div>
          {drafts.map((draft) => (
            <ConditionRow
              key={draft.key}
              {...{ draft, currency, words }}
              problem={problemOf(draft, currency)}
              isStrict={hasTried}
              offered={draft.kind === 'choice' ? offeredOf(draft.field) : []}
              onChange={(changed) => onDrafts(drafts.map((known) => (known.key === draft.key ? changed : known)))}
              onRemove={() => onDrafts(drafts.filter((known) => known.key !== draft.key))}
            />
          ))}
          {drafts.length === 0 ? (
            <Text as="p" tone="subdued">
              {t('builder.empty')}
            </Text>
          ) : null}
        </div>
        <AddCondition {...props} error={refusal !== null && OF_RULE.includes(refusal) ? refusalWords(refusal) : undefined} />
      </BlockStack>
    </Card>
  );
}

/** There is one condition of a kind. */
function AddCondition({ drafts, error, onDrafts, ...offering }: RuleCardProps & { error: string | undefined }) {
  const { t } = useTranslation(['segments', 'customers']);
  const fields = [...RANGE_FIELDS, ...CHOICE_FIELDS].filter(
    (field) => isOffered(field, offering) && drafts.every((draft) => draft.field !== field),
  );
  const add = (field: string) => {
    const draft = emptyDraft(field, 1 + Math.max(-1, ...drafts.map(({ key }) => key)));
    if (draft !== null) onDrafts([...drafts, draft]);
  };
  return (
    <Select
      label={t('builder.add')}
      placeholder={t('builder.addChoose')}
      value=""
      error={error}
      options={fields.map((field) => ({ value: field, label: t(`customers:fields.${field}`) }))}
      onChange={add}
    />
  );
}
