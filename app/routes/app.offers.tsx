import { json } from '@remix-run/node';
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { Card, Page, SkeletonBodyText } from '@shopify/polaris';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { readOffersForm } from '#app/adapters/http/read-offers-form.server.ts';
import { countryNamesOf } from '#app/components/cohorts/country-names.ts';
import { LiftCard } from '#app/components/offers/lift-card.tsx';
import { OffersPage } from '#app/components/offers/offers-page.tsx';
import { ResultsCard } from '#app/components/offers/results-card.tsx';
import { useSavingAnswer } from '#app/components/use-saving.ts';
import type { Saved } from '#app/components/use-saving.ts';
import { merchantContext } from '#app/context.server.ts';
import { COUNTRY_CODES } from '#app/domain/offers/country-codes.ts';
import type { OfferProblems } from '#app/domain/offers/find-offer-problems.ts';
import { readOffersDraft, writeOffersDraft } from '#app/domain/offers/offers-draft.ts';
import type { OffersDraft } from '#app/domain/offers/offers-draft.ts';
import { saveSettings } from '#app/http/save-settings.server.ts';
import { adminLocaleOf } from '#app/i18n/admin-locale.server.ts';
import { getOfferLift } from '#app/services/offers/get-offer-lift.server.ts';
import { getOfferResults } from '#app/services/offers/get-offer-results.server.ts';
import { getOffersPage } from '#app/services/offers/get-offers-page.server.ts';
import { saveOfferSettings } from '#app/services/offers/save-offer-settings.server.ts';
import type { loader as resultsLoader } from './app.offers_.results.ts';

/** Sums over a shop of usual size are at hand within this time. */
const AT_HAND_MS = 250;

export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  const { settings, ...page } = await getOffersPage(context);
  // Whoever fetches them is told what went wrong.
  const summed = Promise.all([getOfferLift(context, null), getOfferResults(context, null)]).then(([lift, results]) => ({ lift, results })).catch(() => null);
  const atHand = await Promise.race([summed, context.wait(AT_HAND_MS).then(() => null)]);
  const countryNames = countryNamesOf(COUNTRY_CODES, adminLocaleOf(request).language);
  return json({ ...page, draft: writeOffersDraft(settings, page.currency), rules: settings.rules, countryNames, atHand });
}

export async function action({ request }: ActionFunctionArgs) {
  const context = await merchantContext(request);
  return saveSettings<OffersDraft, OfferProblems>(context, {
    posted: await readOffersForm(request),
    save: async (draft) => {
      const { currency } = await getOffersPage(context);
      const { settings, problems } = readOffersDraft(draft, currency);
      if (Object.keys(problems).length > 0) return { outcome: 'refused', problems };
      const saved = await saveOfferSettings(context, settings);
      if (saved.ok) return { outcome: 'saved' };
      return saved.reason === 'wrong-fields' ? { outcome: 'refused', problems: saved.problems } : { outcome: 'failed' };
    },
    problem: 'Offers could not be saved',
  });
}

export default function Offers() {
  const { t } = useTranslation('offers');
  const { t: tShell } = useTranslation('shell');
  const { atHand, rules, ...page } = useLoaderData<typeof loader>();
  const { data: fetched, load } = useFetcher<typeof resultsLoader>();
  const sums = atHand ?? fetched;
  const isMissing = useRef(atHand === null);
  useEffect(() => {
    if (isMissing.current) load('/app/offers/results');
  }, [load]);
  const fetcher = useFetcher<Saved<OfferProblems>>();
  const result = useSavingAnswer(fetcher, t('saved'));
  const save = (edited: OffersDraft) => fetcher.submit({ offers: JSON.stringify(edited) }, { method: 'post' });
  const { draft, timeZone } = page;
  return (
    <Page title={t('title')} subtitle={t('lead')} backAction={{ content: tShell('nav.overview'), url: '/app' }}>
      <TitleBar title={t('title')} />
      <OffersPage
        // What was saved replaces what was typed.
        key={JSON.stringify(draft)}
        {...page}
        isSaving={fetcher.state !== 'idle'}
        refused={result?.outcome === 'refused' ? result.problems : {}}
        hasFailed={result?.outcome === 'failed'}
        onSave={save}
      >
        {sums === undefined ? (
          <Card>
            <SkeletonBodyText lines={6} />
          </Card>
        ) : (
          <>
            <ResultsCard results={sums.results} rules={rules} timeZone={timeZone} />
            <LiftCard shown={sums.lift} holdoutPercent={Number(draft.holdout)} rules={rules} timeZone={timeZone} />
          </>
        )}
      </OffersPage>
    </Page>
  );
}
