import { BlockStack, ChoiceList, Text, TextField } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { TAGS_A_MINUTE } from '#app/domain/segments/segment-target.ts';
import type { TargetKind } from '#app/domain/segments/segment-target.ts';

export type WriteHow = 'tag' | 'tagAndSegment' | 'metafield';

export interface WriteDraft {
  how: WriteHow;
  tag: string;
  isKept: boolean;
}

/** Why it was not begun, as the server says. */
export type WriteRefusalCode =
  | 'tag-missing' | 'tag-too-long' | 'tag-signs' | 'tag-taken' | 'tag-of-tier' | 'other-tag' | 'under-way' | 'missing' | 'unreadable' | 'failed'; // prettier-ignore

export interface WriteFormProps {
  name: string;
  draft: WriteDraft;
  /** Kinds that this segment is not written as yet. */
  kinds: readonly TargetKind[];
  /** Null while it is being counted. */
  count: number | null;
  hasCountFailed: boolean;
  refusal: WriteRefusalCode | null;
  onChange: (draft: WriteDraft) => void;
}

const OF_TAG: readonly WriteRefusalCode[] = ['tag-missing', 'tag-too-long', 'tag-signs', 'tag-taken', 'tag-of-tier', 'other-tag'];

/** How, under which tag and how often the customers are marked, and what comes of it. */
export function WriteForm({ name, draft, kinds, count, hasCountFailed, refusal, onChange }: WriteFormProps) {
  const { t } = useTranslation('segmentWrites');
  const hows = (['tag', 'tagAndSegment', 'metafield'] as const).filter((how) => kinds.includes(how === 'metafield' ? 'metafield' : 'tag'));
  return (
    <BlockStack gap="400">
      <Text as="p">{t('lead')}</Text>
      <ChoiceList
        title={t('how.label')}
        choices={hows.map((how) => ({ value: how, label: t(`how.${how}`), helpText: t(`how.${how}Help`, { name }) }))}
        selected={[draft.how]}
        onChange={([how]) => onChange({ ...draft, how: hows.find((known) => known === how) ?? draft.how })}
      />
      {draft.how === 'metafield' ? null : (
        <TextField
          label={t('tag')}
          helpText={t('tagHelp')}
          value={draft.tag}
          error={refusal !== null && OF_TAG.includes(refusal) ? t(`refusals.${refusal}`) : undefined}
          autoComplete="off"
          onChange={(tag) => onChange({ ...draft, tag })}
        />
      )}
      <ChoiceList
        title={t('often.label')}
        choices={[
          { value: 'once', label: t('often.once') },
          { value: 'kept', label: t('often.kept'), helpText: t('often.keptHelp') },
        ]}
        selected={[draft.isKept ? 'kept' : 'once']}
        onChange={([often]) => onChange({ ...draft, isKept: often === 'kept' })}
      />
      <WhatComes {...{ count, hasCountFailed }} isTag={draft.how !== 'metafield'} />
    </BlockStack>
  );
}

function WhatComes({ count, hasCountFailed, isTag }: { count: number | null; hasCountFailed: boolean; isTag: boolean }) {
  const { t } = useTranslation('segmentWrites');
  const formats = useFormats();
  const minutes = Math.ceil((count ?? 0) / TAGS_A_MINUTE);
  return (
    <div role="status">
      <BlockStack gap="100">
        <Text as="p" fontWeight="semibold">
          {hasCountFailed ? t('countFailed') : count === null ? t('counting') : t('count', { count, number: formats.count(count) })}
        </Text>
        {isTag && minutes > 1 ? <Text as="p">{t('takes', { count: minutes, rate: formats.count(TAGS_A_MINUTE), minutes: formats.count(minutes) })}</Text> : null}
        <Text as="p" tone="subdued">
          {t('promise')}
        </Text>
      </BlockStack>
    </div>
  );
}
