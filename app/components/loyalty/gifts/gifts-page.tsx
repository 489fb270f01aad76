import { Badge, BlockStack, Button, Card, Divider, InlineStack, ProgressBar, Text } from '@shopify/polaris';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { isolated } from '#app/components/loyalty/members/isolated.ts';
import { usePointsWords } from '#app/components/loyalty/members/use-points-words.ts';
import { useStaffWords } from '#app/components/loyalty/members/use-staff-words.ts';
import { GIFT_FAILURES } from '#app/domain/loyalty/gifts/gift.ts';
import type { GiftFacts, GiftState } from '#app/domain/loyalty/gifts/gift.ts';

export type GiftIntent = 'stop' | 'go-on';

export interface GiftsPageProps {
  gifts: readonly GiftFacts[];
  timeZone: string;
  /** Who looks. */
  staffId: string;
  /** What others are called, by number of staff. */
  staffNames: Readonly<Record<string, string>>;
  /** Of the gift that something is being done to. */
  changingId: string | null;
  onChange: (intent: GiftIntent, giftId: string) => void;
}

/** Each gift with how far it is and what came of it, the newest first. */
export function GiftsPage({ gifts, ...props }: GiftsPageProps) {
  const { t } = useTranslation('loyaltyGifts');
  return (
    <Card>
      <BlockStack gap="400">
        {gifts.length === 0 ? <Text as="h2" variant="headingMd">{t('empty.title')}</Text> : null}
        {gifts.map((gift, index) => (
          <Fragment key={gift.giftId}>
            {index === 0 ? null : <Divider />}
            <GiftRow {...props} gift={gift} />
          </Fragment>
        ))}
        {gifts.length === 0 ? null : <Divider />}
        <Text as="p" tone="subdued">{t('how')}</Text>
      </BlockStack>
    </Card>
  );
}

const TONES: Readonly<Record<GiftState, 'info' | 'success' | 'attention' | undefined>> = { giving: 'info', completed: 'success', stopped: undefined, failed: 'attention' };

function GiftRow({ gift, timeZone, staffId, staffNames, changingId, onChange }: Omit<GiftsPageProps, 'gifts'> & { gift: GiftFacts }) {
  const { t } = useTranslation('loyaltyGifts');
  const formats = useFormats();
  const staffWords = useStaffWords(staffId, staffNames);
  const { giftId, segmentName, points, note, state, requestedAtMs } = gift;
  const segment = isolated(segmentName);
  const intent = state === 'giving' ? 'stop' : 'go-on';
  return (
    <BlockStack gap="200">
      <InlineStack align="space-between" blockAlign="start" gap="300" wrap={false}>
        <BlockStack gap="100">
          {/* Polaris would have it align as the stack around it does. */}
          <InlineStack gap="200" align="start" blockAlign="center">
            <Text as="h2" variant="headingSm" breakWord>{segment}</Text>
            <Badge {...(TONES[state] === undefined ? {} : { tone: TONES[state] })}>{t(`states.${state}`)}</Badge>
          </InlineStack>
          <Text as="p" breakWord>
            {t('each', { count: points, number: formats.count(points), reason: isolated(note), who: staffWords(gift.staffId) })}
          </Text>
          <Text as="p" tone="subdued">{t('asked', { instant: formats.instant(requestedAtMs, timeZone) })}</Text>
        </BlockStack>
        {state === 'completed' ? null : (
          <Button
            loading={changingId === giftId}
            accessibilityLabel={t(intent === 'stop' ? 'stopLabel' : 'goOnLabel', { segment })}
            onClick={() => onChange(intent, giftId)}
          >
            {t(intent === 'stop' ? 'actions.stop' : 'actions.goOn')}
          </Button>
        )}
      </InlineStack>
      <GiftResult gift={gift} />
    </BlockStack>
  );
}

function GiftResult({ gift }: { gift: GiftFacts }) {
  const { t } = useTranslation('loyaltyGifts');
  const formats = useFormats();
  const pointsOf = usePointsWords();
  const { state, errorCode, points, expectedCustomers, seenCustomers, givenMembers, excludedMembers, unknownCustomers } = gift;
  // People come into a segment while it is read.
  const expected = Math.max(expectedCustomers, seenCustomers);
  const progress = t('progress', { seen: formats.count(seenCustomers), expected: formats.count(expected) });
  const failure = state === 'failed' ? (GIFT_FAILURES.find((known) => known === errorCode) ?? 'other') : null;
  const lines = [
    t('given', { count: givenMembers, number: formats.count(givenMembers), points: pointsOf(points * givenMembers) }),
    ...(excludedMembers === 0 ? [] : [t('excluded', { count: excludedMembers, number: formats.count(excludedMembers) })]),
    ...(unknownCustomers === 0 ? [] : [t('unknown', { count: unknownCustomers, number: formats.count(unknownCustomers) })]),
    ...(failure === null ? [] : [t(`failures.${failure}`)]),
    ...(state === 'giving' && errorCode !== null ? [t('waits')] : []),
    ...(state === 'stopped' || state === 'failed' ? [t('goOnText')] : []),
  ];
  return (
    <BlockStack gap="100">
      {state === 'giving' ? (
        <BlockStack gap="100">
          <ProgressBar size="small" progress={expected === 0 ? 0 : Math.floor((100 * seenCustomers) / expected)} ariaLabelledBy={`progress-${gift.giftId}`} />
          <Text as="p" tone="subdued" id={`progress-${gift.giftId}`}>{progress}</Text>
        </BlockStack>
      ) : null}
      {lines.map((line) => (
        <Text key={line} as="p">{line}</Text>
      ))}
    </BlockStack>
  );
}
