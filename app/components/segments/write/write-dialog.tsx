import { useFetcher } from '@remix-run/react';
import { Banner, Box, Button, Modal, Spinner } from '@shopify/polaris';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { segmentToQuery } from '#app/domain/segments/segment-query.ts';
import { suggestTag, TARGET_KINDS } from '#app/domain/segments/segment-target.ts';
import type { Segment } from '#app/domain/segments/segment.ts';
import { isUnderWay } from '#app/domain/segments/written-segment.ts';
import type { WrittenSegment } from '#app/domain/segments/written-segment.ts';
import { useMemberCount } from './use-member-count.ts';
import { useWrittenSegments } from './use-written-segments.ts';
import { WriteForm } from './write-form.tsx';
import type { WriteDraft, WriteRefusalCode } from './write-form.tsx';
import { WrittenCard } from './written-card.tsx';

export interface SegmentToWrite {
  /** The id of a saved segment, or the name of a ready-made one. */
  key: string;
  name: string;
  segment: Segment;
}

type Answer = { outcome: 'done' } | { outcome: 'refused'; refusal: WriteRefusalCode };

/** A segment in Shopify: written for the first time, or what has become of it. */
export function WriteDialog({ of, timeZone, onClose }: { of: SegmentToWrite; timeZone: string; onClose: () => void }) {
  const { t } = useTranslation('segmentWrites');
  const formats = useFormats();
  const { written, hasFailed, reload } = useWrittenSegments(of.key);
  const [isAdding, setIsAdding] = useState(false);
  const [typed, setDraft] = useState<WriteDraft>({ how: 'tag', tag: suggestTag(of.name), isKept: false });
  const { isBusy, refusal, send } = useSending(reload, () => setIsAdding(false));
  useGone(written);

  const kinds = TARGET_KINDS.filter((kind) => written?.every((one) => one.kind !== kind) ?? true);
  const isForm = written !== null && (written.length === 0 || (isAdding && kinds.length > 0));
  const draft: WriteDraft = kinds.includes('tag') ? typed : { ...typed, how: 'metafield' };
  const count = useMemberCount(isForm ? segmentQuery(of.segment) : null);
  const write = ({ kind, tag, isKept, hasNative }: { kind: string; tag: string; isKept: boolean; hasNative: boolean }) =>
    send(t('done.asked'), { intent: 'write', segmentKey: of.key, title: of.name, kind, tag, isKept: String(isKept), hasNative: String(hasNative) });
  const primary = {
    content: count.count === null ? t('writeAny') : t('write', { count: count.count, number: formats.count(count.count) }),
    loading: isBusy,
    disabled: count.count === 0,
    onAction: () => write({ ...draft, kind: draft.how === 'metafield' ? 'metafield' : 'tag', hasNative: draft.how === 'tagAndSegment' }),
  };
  return (
    <Modal open onClose={onClose} title={t('title', { name: of.name })} {...(isForm ? { primaryAction: primary } : {})} secondaryActions={[{ content: t('close'), onAction: onClose }]}>
      {written === null ? <NotThere hasFailed={hasFailed} /> : null}
      {written?.map((one) => (
        <Modal.Section key={one.targetId}>
          <WrittenCard
            {...{ written: one, timeZone, isBusy }}
            onStop={(targetId) => send(t('done.stopped'), { intent: 'stop', targetId })}
            onUndo={(targetId) => send(t('done.undoing'), { intent: 'undo', targetId })}
            onKeep={(targetId, isKept) => send(t(isKept ? 'done.kept' : 'done.released'), { intent: 'keep', targetId, isKept: String(isKept) })}
            onAgain={({ kind, name, isKept, native }) => write({ kind, tag: name, isKept, hasNative: native !== null })}
          />
        </Modal.Section>
      ))}
      {refusal !== null && OF_ALL.includes(refusal) ? (
        <Modal.Section>
          <Banner tone="critical">
            <p>{t(`refusals.${refusal}`)}</p>
          </Banner>
        </Modal.Section>
      ) : null}
      {isForm ? (
        <Modal.Section>
          <WriteForm {...{ draft, kinds, refusal }} name={of.name} count={count.count} hasCountFailed={count.hasFailed} onChange={setDraft} />
        </Modal.Section>
      ) : null}
      {written !== null && !isForm && kinds.length > 0 && !written.some(isUnderWay) ? (
        <Modal.Section>
          <Button variant="plain" onClick={() => setIsAdding(true)}>
            {t('actions.another')}
          </Button>
        </Modal.Section>
      ) : null}
    </Modal>
  );
}

/** What concerns neither the tag nor anything else that is typed. */
const OF_ALL: readonly WriteRefusalCode[] = ['failed', 'missing', 'unreadable', 'under-way'];

function NotThere({ hasFailed }: { hasFailed: boolean }) {
  const { t } = useTranslation('segmentWrites');
  return (
    <Modal.Section>
      {hasFailed ? (
        <Banner tone="critical">
          <p>{t('loadFailed')}</p>
        </Banner>
      ) : (
        <Box minHeight="20rem">
          <Spinner size="small" accessibilityLabel={t('counting')} />
        </Box>
      )}
    </Modal.Section>
  );
}

function segmentQuery(segment: Segment): string {
  return String(new URLSearchParams(segmentToQuery(segment)));
}

/** Sends what the merchant wants, says it once it is done, and looks at what has become of it. */
function useSending(reload: () => void, onDone: () => void) {
  const fetcher = useFetcher<Answer>();
  const { state, data } = fetcher;
  const words = useRef('');
  const seen = useRef<Answer | undefined>(undefined);
  useEffect(() => {
    if (state !== 'idle' || data === undefined || seen.current === data) return;
    seen.current = data;
    if (data.outcome === 'done') {
      window.shopify.toast.show(words.current);
      onDone();
    }
    reload();
  }, [state, data, reload, onDone]);
  const send = (doneWords: string, form: Record<string, string>) => {
    words.current = doneWords;
    fetcher.submit(form, { method: 'post', action: '/app/segments/writes' });
  };
  return { isBusy: state !== 'idle', refusal: state === 'idle' && data?.outcome === 'refused' ? data.refusal : null, send };
}

/** A mark that was being taken back and is no more. */
function useGone(written: readonly WrittenSegment[] | null): void {
  const { t } = useTranslation('segmentWrites');
  const undoing = useRef<readonly string[]>([]);
  useEffect(() => {
    if (written === null) return;
    const gone = undoing.current.filter((targetId) => written.every((one) => one.targetId !== targetId));
    if (gone.length > 0) window.shopify.toast.show(t('done.undone'));
    undoing.current = written.filter((one) => one.run?.kind === 'undo' && isUnderWay(one)).map(({ targetId }) => targetId);
  }, [written, t]);
}
