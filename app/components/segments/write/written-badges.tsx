import { Badge, InlineStack } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { settledOf } from '#app/domain/segments/written-segment.ts';
import type { WrittenSegment } from '#app/domain/segments/written-segment.ts';

/** In a word each, how a segment stands in Shopify. */
export function WrittenBadges({ written }: { written: readonly WrittenSegment[] }) {
  const { t } = useTranslation('segmentWrites');
  const formats = useFormats();
  const badgeOf = ({ run, isKept }: WrittenSegment) => {
    const share = run === null || run.planned === 0 ? 0 : Math.min(1, settledOf(run) / run.planned);
    if (run?.state === 'failed') return { tone: 'warning' as const, text: t('badges.failed') };
    if (run?.state === 'requested') return { tone: 'info' as const, text: t('badges.planning') };
    if (run?.state === 'writing' && run.errorCode === 'unavailable') return { tone: 'attention' as const, text: t('badges.waiting') };
    if (run?.state === 'writing') return { tone: 'info' as const, text: t(run.kind === 'undo' ? 'badges.undoing' : 'badges.writing', { share: formats.wholePercent(share) }) };
    return { tone: 'success' as const, text: t(isKept ? 'badges.kept' : 'badges.once') };
  };
  return (
    <div style={{ paddingBlockStart: 'var(--p-space-100)' }}>
      <InlineStack gap="100">
        {written.map((one) => {
          const { tone, text } = badgeOf(one);
          return (
            <Badge key={one.targetId} tone={tone}>
              {`${one.kind === 'tag' ? one.name : t('marks.metafield', { title: one.title })} · ${text}`}
            </Badge>
          );
        })}
      </InlineStack>
    </div>
  );
}
