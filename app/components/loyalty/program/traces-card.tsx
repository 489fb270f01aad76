import { useFetcher } from '@remix-run/react';
import { Banner, BlockStack, Card, Checkbox, List, Text } from '@shopify/polaris';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { TRACES_COUNTED_TO } from '#app/domain/loyalty/traces/trace-values.ts';

export type TaggingAnswer = { readonly outcome: 'saved'; readonly isTagging: boolean } | { readonly outcome: 'refused' };

export interface Traces {
  members: number;
  waiting: number;
  waitingEvents: number;
  gone: number;
  refused: number;
  told: number;
  toldDays: number;
  isTagging: boolean;
  problem: { code: 'unavailable' | 'access' | 'scope' | 'refused'; atMs: number } | null;
}

/** The same, with the switch that saves itself. */
export function TracesSwitch({ traces, timeZone }: { traces: Traces; timeZone: string }) {
  const { t } = useTranslation('loyaltyTraces');
  const { submit, data, state } = useFetcher<TaggingAnswer>();
  const seen = useRef<TaggingAnswer | undefined>(undefined);
  useEffect(() => {
    if (data === undefined || data === seen.current) return;
    seen.current = data;
    if (data.outcome === 'saved') window.shopify.toast.show(t(data.isTagging ? 'tag.on' : 'tag.off'));
    else window.shopify.toast.show(t('tag.failed'), { isError: true });
  }, [data, t]);
  const isTagging = data?.outcome === 'saved' ? data.isTagging : traces.isTagging;
  const save = (isWanted: boolean) => submit({ intent: isWanted ? 'tag' : 'leave-untagged' }, { method: 'post', action: '/app/loyalty/traces' });
  return <TracesCard traces={{ ...traces, isTagging }} timeZone={timeZone} isSaving={state !== 'idle'} onChange={save} />;
}

interface TracesCardProps {
  traces: Traces;
  timeZone: string;
  isSaving: boolean;
  onChange: (isTagging: boolean) => void;
}

/** What Shopify knows of members, how far that has come, and whether they carry a tag. */
export function TracesCard({ traces, timeZone, isSaving, onChange }: TracesCardProps) {
  const { t } = useTranslation('loyaltyTraces');
  const formats = useFormats();
  const { members, waiting, waitingEvents, gone, refused, told, toldDays, isTagging, problem } = traces;
  // So many or more, and the word for more than one.
  const counted = (count: number) => ({ count, number: count < TRACES_COUNTED_TO ? formats.count(count) : `${formats.count(TRACES_COUNTED_TO)}+` });
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t('title')}
        </Text>
        <Text as="p">{t('metafields')}</Text>
        <Text as="p">{t('flow')}</Text>
        {problem === null ? null : <Banner tone="warning">{t(`problem.${problem.code}`, { instant: formats.instant(problem.atMs, timeZone) })}</Banner>}
        {members === 0 ? (
          <Text as="p" tone="subdued">
            {t('notBegun')}
          </Text>
        ) : (
          <List>
            <List.Item>{t('members', counted(members))}</List.Item>
            {waiting === 0 ? null : <List.Item>{t('waiting', counted(waiting))}</List.Item>}
            {gone + refused === 0 ? null : <List.Item>{t('leftOut', counted(gone + refused))}</List.Item>}
            <List.Item>{t('told', { ...counted(told), days: formats.count(toldDays) })}</List.Item>
            {waitingEvents === 0 ? null : <List.Item>{t('waitingEvents', counted(waitingEvents))}</List.Item>}
          </List>
        )}
        <Checkbox label={t('tag.label')} helpText={t('tag.help')} checked={isTagging} disabled={isSaving} onChange={onChange} />
      </BlockStack>
    </Card>
  );
}
