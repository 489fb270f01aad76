import { BlockStack, Button, Card, Divider, InlineStack, Text } from '@shopify/polaris';
import { Fragment, memo } from 'react';
import { useTranslation } from 'react-i18next';

import type { WeeklyAction } from '#app/domain/retention/advice/weekly-action.ts';
import { useActionWords } from './use-action-words.ts';

export interface WeeklyActionsProps {
  actions: readonly WeeklyAction[];
  currency: string;
  asOf: string;
}

/** What a merchant can do this week, each with the reason and with those whom it concerns. */
export const WeeklyActions = memo(function WeeklyActions({ actions, currency, asOf }: WeeklyActionsProps) {
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
            {actions.length === 0 ? t('none') : t('text')}
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
