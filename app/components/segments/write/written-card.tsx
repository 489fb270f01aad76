import { Banner, BlockStack, Button, InlineStack, List, ProgressBar, Text } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { isUnderWay, settledOf } from '#app/domain/segments/written-segment.ts';
import type { WrittenRun, WrittenSegment } from '#app/domain/segments/written-segment.ts';
import { useRunWords } from './use-run-words.ts';

export interface WrittenEvents {
  onStop: (targetId: string) => void;
  onUndo: (targetId: string) => void;
  onKeep: (targetId: string, isKept: boolean) => void;
  onAgain: (written: WrittenSegment) => void;
}

/** One mark in Shopify: how far it is, what came of it, and the ways to stop, change and undo it. */
export function WrittenCard({ written, timeZone, isBusy, ...events }: { written: WrittenSegment; timeZone: string; isBusy: boolean } & WrittenEvents) {
  const { t } = useTranslation('segmentWrites');
  const [isUndoing, setIsUndoing] = useState(false);
  const { run, kind, name, title, targetId, isKept } = written;
  const isRunning = isUnderWay(written);
  const words = useRunWords(timeZone);
  const mark = t(`marks.${kind}`, { name, title });
  return (
    <BlockStack gap="300">
      <Text as="h3" variant="headingSm">
        <span style={{ overflowWrap: 'anywhere' }}>{mark}</span>
      </Text>
      {run === null ? null : <RunState run={run} mark={mark} words={words.state(run)} />}
      {run?.state === 'failed' ? (
        <Banner tone="warning">
          <p>{words.error(run.errorCode)}</p>
        </Banner>
      ) : null}
      <Facts written={written} />
      {isUndoing && !isRunning ? (
        <UndoQuestion written={written} isBusy={isBusy} onConfirm={() => events.onUndo(targetId)} onClose={() => setIsUndoing(false)} />
      ) : (
        <InlineStack gap="200">
          {isRunning ? (
            <Button disabled={isBusy} onClick={() => events.onStop(targetId)}>
              {t('actions.stop')}
            </Button>
          ) : (
            <>
              <Button disabled={isBusy} onClick={() => events.onAgain(written)}>
                {t('actions.again')}
              </Button>
              <Button disabled={isBusy} onClick={() => events.onKeep(targetId, !isKept)}>
                {t(isKept ? 'actions.release' : 'actions.keep')}
              </Button>
              <Button tone="critical" variant="plain" disabled={isBusy} onClick={() => setIsUndoing(true)}>
                {t('actions.undo')}
              </Button>
            </>
          )}
        </InlineStack>
      )}
    </BlockStack>
  );
}

function RunState({ run, mark, words }: { run: WrittenRun; mark: string; words: string }) {
  const { t } = useTranslation('segmentWrites');
  const formats = useFormats();
  const share = run.planned === 0 ? 0 : Math.min(1, settledOf(run) / run.planned);
  const isRunning = isUnderWay({ run });
  return (
    <BlockStack gap="100">
      <div role="status">
        <Text as="p">{words}</Text>
      </div>
      {isRunning ? <ProgressBar progress={share * 100} size="small" /> : null}
      {isRunning ? (
        <Text as="span" visuallyHidden>
          {t('progress', { mark, share: formats.wholePercent(share) })}
        </Text>
      ) : null}
    </BlockStack>
  );
}

function Facts({ written }: { written: WrittenSegment }) {
  const { t } = useTranslation('segmentWrites');
  const formats = useFormats();
  const { run, marked, native, isKept, title } = written;
  // While it runs the bar says how many; by then some are on their way.
  const counted = [
    ['ours', isUnderWay(written) ? 0 : (marked?.ours ?? 0)],
    ['leftAlone', marked?.theirs ?? 0],
    ['gone', run?.gone ?? 0],
    ['failed', run?.failed ?? 0],
  ] as const;
  const nativeText = () => {
    if (native === null) return null;
    if (native.state === 'coming') return t('facts.nativeComing');
    if (native.state === 'refused') return t('facts.nativeRefused');
    return t(native.name === title ? 'facts.native' : 'facts.nativeRenamed', { name: native.name });
  };
  return (
    <List>
      {counted.map(([fact, count]) => (count === 0 && (fact !== 'ours' || isUnderWay(written)) ? null : <List.Item key={fact}>{t(`facts.${fact}`, { count, number: formats.count(count) })}</List.Item>))}
      {native === null ? null : <List.Item>{nativeText()}</List.Item>}
      <List.Item>{t(isKept ? 'facts.kept' : 'facts.notKept')}</List.Item>
    </List>
  );
}

function UndoQuestion({ written, isBusy, onConfirm, onClose }: { written: WrittenSegment; isBusy: boolean; onConfirm: () => void; onClose: () => void }) {
  const { t } = useTranslation('segmentWrites');
  const formats = useFormats();
  const { kind, name, marked, native } = written;
  const count = marked?.ours ?? 0;
  const hasNative = native?.state === 'there';
  return (
    <Banner
      tone="critical"
      title={t(`undo.${kind}`, { count, number: formats.count(count), name })}
      action={{ content: t('undo.confirm'), loading: isBusy, onAction: onConfirm }}
      secondaryAction={{ content: t('undo.keep'), onAction: onClose }}
    >
      <p>{hasNative ? t('undo.textNative', { name: native.name }) : t('undo.text')}</p>
    </Banner>
  );
}
