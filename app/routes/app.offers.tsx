import { json } from '@remix-run/node';
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { Page } from '@shopify/polaris';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';

import { LiftCard } from '#app/components/offers/lift-card.tsx';
import { OfferPage } from '#app/components/offers/offer-page.tsx';
import { readForm } from '#app/adapters/http/read-form.server.ts';
import { merchantContext } from '#app/context.server.ts';
import { readOfferForm, writeOfferForm } from '#app/domain/offers/offer-form.ts';
import type { OfferForm, OfferFormProblems } from '#app/domain/offers/offer-form.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import { log } from '#app/logging/log.server.ts';
import { getOfferLift } from '#app/services/offers/get-offer-lift.server.ts';
import { getOfferSettings, saveOfferSettings } from '#app/services/offers/save-offer-settings.server.ts';

// Nothing that a person types here is longer.
const textSchema = z.string().max(40);
const formSchema = z.object({
  isEnabled: z.enum(['true', 'false']).transform((text) => text === 'true'),
  percent: textSchema,
  validDays: textSchema,
  minimum: textSchema,
  audience: textSchema,
  holdout: textSchema,
});

export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  const { settings, currency, timeZone } = await getOfferSettings(context);
  const today = dayOfInstant(context.now().getTime(), timeZone);
  const lift = await getOfferLift(context, null);
  return json({ form: writeOfferForm(settings, currency), currency, today, timeZone, lift });
}

type Saved = { outcome: 'saved' } | { outcome: 'refused'; problems: OfferFormProblems } | { outcome: 'failed' };

export async function action({ request }: ActionFunctionArgs) {
  const context = await merchantContext(request);
  const posted = formSchema.safeParse(await readForm(request));
  if (!posted.success) return json<Saved>({ outcome: 'failed' }, { status: 400 });
  try {
    const { currency } = await getOfferSettings(context);
    const read = readOfferForm(posted.data, currency);
    if (!read.ok) return json<Saved>({ outcome: 'refused', problems: read.problems }, { status: 422 });
    const saved = await saveOfferSettings(context, read.value);
    return saved.ok ? json<Saved>({ outcome: 'saved' }) : json<Saved>({ outcome: 'failed' }, { status: 422 });
  } catch (error) {
    // The page stays, with what the merchant has typed.
    log.error({ err: error, shopId: context.shop.shopId }, 'Offer settings could not be saved');
    return json<Saved>({ outcome: 'failed' }, { status: 500 });
  }
}

export default function Offers() {
  const { t } = useTranslation('offers');
  const { t: tShell } = useTranslation('shell');
  const { form, currency, today, timeZone, lift } = useLoaderData<typeof loader>();
  const fetcher = useFetcher<Saved>();
  const result = fetcher.state === 'idle' ? fetcher.data : undefined;
  useEffect(() => {
    if (result?.outcome === 'saved') window.shopify.toast.show(t('saved'));
  }, [result, t]);
  const save = (edited: OfferForm) => fetcher.submit({ ...edited, isEnabled: String(edited.isEnabled) }, { method: 'post' });
  return (
    <Page title={t('title')} subtitle={t('lead')} backAction={{ content: tShell('nav.overview'), url: '/app' }}>
      <TitleBar title={t('title')} />
      <OfferPage
        // What was saved replaces what was typed.
        key={JSON.stringify(form)}
        saved={form}
        currency={currency}
        today={today}
        lift={<LiftCard shown={lift} holdoutPercent={Number(form.holdout)} timeZone={timeZone} />}
        isSaving={fetcher.state !== 'idle'}
        refused={result?.outcome === 'refused' ? result.problems : {}}
        hasFailed={result?.outcome === 'failed'}
        onSave={save}
      />
    </Page>
  );
}
