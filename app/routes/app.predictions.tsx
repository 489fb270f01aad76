import { json } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData, useSearchParams } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { BlockStack, Page } from '@shopify/polaris';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { AwaitedCard } from '#app/components/awaited-card.tsx';
import { PredictionsPage } from '#app/components/predictions/predictions-page.tsx';
import { PredictionsSkeleton } from '#app/components/predictions/predictions-skeleton.tsx';
import { LimitedHistory } from '#app/components/retention/limited-history.tsx';
import { merchantContext } from '#app/context.server.ts';
import { getPredictions } from '#app/services/retention/get-predictions.server.ts';
import type { loader as modelsLoader } from './app.predictions_.models.ts';
import type { loader as numbersLoader } from './app.predictions_.numbers.ts';

/** What was fitted before is at hand within this time. */
const AT_HAND_MS = 250;

/** The page comes with its numbers where they are at hand; a fit takes longer and is fetched after it. */
export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  const asked = getPredictions(context, { asOf: new URL(request.url).searchParams.get('asOf') });
  // Whoever fetches them is told what went wrong.
  const found = asked.then((numbers) => ({ numbers: numbers && { ...numbers, nowMs: context.now().getTime() } })).catch(() => null);
  return json(await Promise.race([found, context.wait(AT_HAND_MS).then(() => null)]));
}

/** Another day changes the numbers and nothing of the page. */
export function shouldRevalidate(): boolean {
  return false;
}

export default function Predictions() {
  const { t } = useTranslation('predictions');
  const [search, setSearch] = useSearchParams();
  const atHand = useLoaderData<typeof loader>();
  const { data: fetched, load, state } = useFetcher<typeof numbersLoader>();
  const loaded = fetched === undefined ? atHand?.numbers : fetched;
  const asOf = search.get('asOf');
  const isThere = useRef(atHand !== null);
  useEffect(() => {
    // Once: for the day with which the page came.
    if (isThere.current) {
      isThere.current = false;
      return;
    }
    load(`/app/predictions/numbers${asOf === null ? '' : `?${new URLSearchParams({ asOf })}`}`);
  }, [load, asOf]);
  // What other models said of another day says nothing of this one.
  const others = useFetcher<typeof modelsLoader>({ key: `models ${asOf ?? ''}` });
  const models = {
    compared: others.data?.compared,
    isLoading: others.state !== 'idle',
    onCompare: () => others.load(`/app/predictions/models${asOf === null ? '' : `?${new URLSearchParams({ asOf })}`}`),
  };
  const showAsOf = (day: string) => setSearch({ asOf: day }, { preventScrollReset: true, replace: true });
  return (
    <Page title={t('title')} subtitle={t('lead')}>
      <TitleBar title={t('title')} />
      {loaded === undefined ? (
        <PredictionsSkeleton />
      ) : loaded === null ? (
        <AwaitedCard title={t('empty.title')} text={t('empty.text')} action={t('empty.action')} />
      ) : (
        <BlockStack gap="500">
          <LimitedHistory historyDays={loaded.historyDays} />
          <PredictionsPage {...loaded} isReloading={state !== 'idle'} models={models} onAsOf={showAsOf} />
        </BlockStack>
      )}
    </Page>
  );
}
