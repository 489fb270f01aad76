import type { LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useSearchParams } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { BlockStack, Box, Button, Card, Page, Text } from '@shopify/polaris';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

import { PredictionsPage } from '#app/components/predictions/predictions-page.tsx';
import { PredictionsSkeleton } from '#app/components/predictions/predictions-skeleton.tsx';
import { merchantContext } from '#app/context.server.ts';
import type { loader as numbersLoader } from './app.predictions_.numbers.ts';

/** The page is there at once; a fit takes longer and is fetched after it. */
export async function loader({ request }: LoaderFunctionArgs) {
  await merchantContext(request);
  return null;
}

/** Another day changes the numbers and nothing of the page. */
export function shouldRevalidate(): boolean {
  return false;
}

export default function Predictions() {
  const { t } = useTranslation('predictions');
  const [search, setSearch] = useSearchParams();
  const { data: loaded, load, state } = useFetcher<typeof numbersLoader>();
  const asOf = search.get('asOf');
  useEffect(() => {
    load(`/app/predictions/numbers${asOf === null ? '' : `?${new URLSearchParams({ asOf })}`}`);
  }, [load, asOf]);
  const showAsOf = (day: string) => setSearch({ asOf: day }, { preventScrollReset: true, replace: true });
  return (
    <Page title={t('title')} titleHidden>
      <TitleBar title={t('title')} />
      <Box paddingBlock={{ xs: '400', md: '600' }}>
        {loaded === undefined ? (
          <PredictionsSkeleton />
        ) : loaded === null ? (
          <Card>
            <BlockStack gap="300" inlineAlign="start">
              <Text as="h2" variant="headingMd">
                {t('empty.title')}
              </Text>
              <Text as="p">{t('empty.text')}</Text>
              <Button url="/app">{t('empty.action')}</Button>
            </BlockStack>
          </Card>
        ) : (
          <PredictionsPage {...loaded} isReloading={state !== 'idle'} onAsOf={showAsOf} />
        )}
      </Box>
    </Page>
  );
}
