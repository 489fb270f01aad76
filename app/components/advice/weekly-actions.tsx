import { BlockStack, Button, Card, Divider, InlineStack, Text } from '@shopify/polaris';
import { Fragment, memo } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { AdviceAwaited } from '#app/domain/retention/advice/advice-awaited.ts';
import { AHEAD_DAYS } from '#app/domain/retention/advice/silence-cases.ts';
import type { WeeklyAction } from '#app/domain/retention/advice/weekly-action.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';
import { useActionWords } from './use-action-words.ts';

export interface WeeklyActionsProps {
  actions: readonly WeeklyAction[];
  /** What is missing where there are none; null where the past carries advice. */
  awaited: AdviceAwaited | null;
  currency: string;
  asOf: string;
  /** `YYYY-MM-DD` in shop time. */
  today: string;
}

/** What a merchant can do this week, each with the reason and with those whom it concerns. */
export const WeeklyActions = memo(function WeeklyActions({ actions, awaited, currency, asOf, today }: WeeklyActionsProps) {
  const { t } = useTranslation('advice');
  const wordsOf = useActionWords({ currency, asOf });
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t('title')}
          </Text>
          <Text as="p" tone="subdued">
            {actions.length === 0 ? <Nothing awaited={awaited} isToday={asOf === today} /> : t('text')}
          </Text>
        </BlockStack>
        {actions.map((action, index) => {
          const { title, text, stake, links } = wordsOf(action);
          return (
            // By its place: on another day the words change where they stand, and nothing moves.
            <Fragment key={index}>
              {index === 0 ? null : <Divider />}
              <BlockStack gap="200">
                <Text as="h3" variant="headingSm" breakWord>
                  {title}
                </Text>
                <Text as="p">{text}</Text>
                {/* On a line of its own: beside the buttons it would now and then go below them, and move all that follows. */}
                {stake === null ? null : (
                  <Text as="p" tone="subdued">
                    {stake}
                  </Text>
                )}
                <InlineStack gap="300">
                  {links.map(({ label, url }) => (
                    <Button key={url} url={url}>
                      {label}
                    </Button>
                  ))}
                </InlineStack>
              </BlockStack>
            </Fragment>
          );
        })}
      </BlockStack>
    </Card>
  );
});

/** Whether it is for want of a past, and until when, or nothing is due. Of a day in the past nobody looks again. */
function Nothing({ awaited, isToday }: Pick<WeeklyActionsProps, 'awaited'> & { isToday: boolean }) {
  const { t, i18n } = useTranslation('advice');
  const formats = useFormats();
  if (awaited === null) return joinSentences(i18n.language, [t(isToday ? 'none.due' : 'none.dueThen'), isToday ? t('none.again') : null]);
  const { fromDays, reachedOn } = awaited;
  const numbers = { needed: formats.count(awaited.needed), number: formats.count(awaited.has) };
  return joinSentences(i18n.language, [
    fromDays === null ? t('none.secondOrders', numbers) : t('none.waits', { ...numbers, from: fromDays, days: fromDays + AHEAD_DAYS }),
    reachedOn === null ? t('none.paceFar') : t('none.paceAbout', { date: formats.day(reachedOn) }),
  ]);
}
