import { BlockStack, Button, Card, Link, List, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { OrderAnswer } from '#app/domain/loyalty/members/told-entry.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';
import { useOrderReasonWords } from './use-order-reason-words.ts';
import { usePointsWords } from './use-points-words.ts';

export interface OrderAnswerCardProps {
  /** What was asked; null when nothing was. */
  asked: string | null;
  answer: OrderAnswer | null;
  timeZone: string;
  isLoading: boolean;
  /** Not on the page of a member, so that it leads there. */
  leadsToMember?: boolean;
  onAsk: (words: string) => void;
}

/** Why an order earned, or did not: from what was kept when it did, or by the rules as they apply to it. */
export function OrderAnswerCard({ asked, answer, timeZone, isLoading, leadsToMember = false, onAsk }: OrderAnswerCardProps) {
  const { t } = useTranslation('loyaltyMembers');
  const [words, setWords] = useState(asked ?? '');
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">{t('why.title')}</Text>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (words.trim() !== '') onAsk(words.trim());
          }}
        >
          <TextField
            label={t('why.label')}
            labelHidden
            value={words}
            placeholder={t('why.placeholder')}
            autoComplete="off"
            onChange={setWords}
            connectedRight={<Button submit loading={isLoading}>{t('why.action')}</Button>}
          />
        </form>
        <div role="status">
          {asked === null ? null : answer === null ? <Text as="p">{t('why.notFound', { words: asked })}</Text> : <Answer {...{ answer, timeZone, leadsToMember }} />}
        </div>
      </BlockStack>
    </Card>
  );
}

function Answer({ answer, timeZone, leadsToMember }: { answer: OrderAnswer; timeZone: string; leadsToMember: boolean }) {
  const { t, i18n } = useTranslation('loyaltyMembers');
  const formats = useFormats();
  const pointsOf = usePointsWords();
  const reasonWords = useOrderReasonWords();
  const { name, verdict, points, entries, order, isTheirs, processedAtMs, memberId } = answer;
  const facts = { name, points: pointsOf(points) };
  const said = order === null || verdict === 'no-program' ? null : reasonWords(order);
  return (
    <BlockStack gap="200">
      <Text as="p" fontWeight="semibold">
        {verdict === 'given' ? t('why.given', { ...facts, count: entries, entries: formats.count(entries) }) : t(`why.${verdict}`, facts)}
      </Text>
      {said?.rate.map((line) => <Text as="p" key={line}>{line}</Text>)}
      {said === null || said.lines.length === 0 ? null : (
        <List>
          {said.lines.map((line, index) => (
            <List.Item key={index}>{line}</List.Item>
          ))}
        </List>
      )}
      <Text as="p" tone="subdued">
        {joinSentences(i18n.language, [
          t('why.placed', { instant: formats.instant(processedAtMs, timeZone) }),
          isTheirs ? null : t('why.notTheirs'),
          leadsToMember && memberId === null ? t('why.noMember') : null,
        ])}
      </Text>
      {leadsToMember && memberId !== null ? <Link url={`/app/loyalty/members/${memberId}`}>{t('why.toMember')}</Link> : null}
    </BlockStack>
  );
}
