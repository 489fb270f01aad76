import { useRevalidator } from '@remix-run/react';
import { Button, Card, InlineStack, Page, Text, BlockStack } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

export type Problem = 'notFound' | 'failed';

/** What a person sees instead of a page, with a way on. */
export function ProblemPage({ problem }: { problem: Problem }) {
  const { t } = useTranslation('shell');
  // Asks for the same page anew; a relative address would mean the layout that shows this.
  const { revalidate, state } = useRevalidator();
  return (
    <Page narrowWidth>
      <Card>
        <BlockStack gap="400">
          <Text as="h1" variant="headingLg">
            {problem === 'notFound' ? t('problem.notFoundTitle') : t('problem.failedTitle')}
          </Text>
          <Text as="p">{problem === 'notFound' ? t('problem.notFoundText') : t('problem.failedText')}</Text>
          <InlineStack gap="200">
            {problem === 'failed' ? (
              <Button variant="primary" onClick={revalidate} loading={state === 'loading'}>
                {t('problem.tryAgain')}
              </Button>
            ) : null}
            <Button variant={problem === 'failed' ? 'secondary' : 'primary'} url="/app">
              {t('problem.toOverview')}
            </Button>
          </InlineStack>
        </BlockStack>
      </Card>
    </Page>
  );
}
