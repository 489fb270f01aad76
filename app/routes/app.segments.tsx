import { json } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';
import type { ShouldRevalidateFunctionArgs } from '@remix-run/react';
import { useLoaderData, useRevalidator, useSearchParams } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { Page } from '@shopify/polaris';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { AwaitedCard } from '#app/components/awaited-card.tsx';
import { codesOfConditions, countryNamesOf } from '#app/components/cohorts/country-names.ts';
import { useReloadWhile } from '#app/components/customers/use-reload-while.ts';
import { SegmentsPage } from '#app/components/segments/segments-page.tsx';
import type { SegmentRow } from '#app/components/segments/segment-table.tsx';
import { WriteDialog } from '#app/components/segments/write/write-dialog.tsx';
import type { SegmentToWrite } from '#app/components/segments/write/write-dialog.tsx';
import { merchantContext } from '#app/context.server.ts';
import { adminLocaleOf } from '#app/i18n/admin-locale.server.ts';
import { isUnderWay } from '#app/domain/segments/written-segment.ts';
import { getSegments } from '#app/services/segments/get-segments.server.ts';
import { loadWrittenSegments } from '#app/services/segments/write/load-written-segments.server.ts';

export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  const written = await loadWrittenSegments(context, null);
  const found = await getSegments(context, { asOf: new URL(request.url).searchParams.get('asOf') });
  if (found === null) return json(null);
  const { choices: _, hasPredictions: __, ...segments } = found;
  const codes = codesOfConditions(segments.saved.flatMap(({ segment }) => segment.conditions));
  return json({ ...segments, written, countryNames: countryNamesOf(codes, adminLocaleOf(request).language), nowMs: context.now().getTime() });
}

/** Writing is looked at by its own dialog, and the page again when that closes. */
export function shouldRevalidate({ formAction, defaultShouldRevalidate }: ShouldRevalidateFunctionArgs): boolean {
  return formAction !== '/app/segments/writes' && defaultShouldRevalidate;
}

export default function Segments() {
  const { t } = useTranslation(['segments', 'customers']);
  const loaded = useLoaderData<typeof loader>();
  const [search, setSearch] = useSearchParams();
  const [writing, setWriting] = useState<SegmentToWrite | null>(null);
  useReloadWhile((loaded?.isPredicting ?? false) && (loaded?.saved ?? []).some(({ notKnown }) => notKnown.length > 0));
  useReloadWhile(writing === null && (loaded?.written ?? []).some(isUnderWay));
  const { revalidate } = useRevalidator();
  const close = () => {
    setWriting(null);
    revalidate();
  };
  const shownAsOf = search.get('asOf');
  const editAddressOf = useCallback(
    (id: string | null) => {
      const query = new URLSearchParams(id === null ? [] : [['id', id]]);
      if (shownAsOf !== null) query.set('asOf', shownAsOf);
      return `/app/segments/edit${query.size === 0 ? '' : `?${query}`}`;
    },
    [shownAsOf],
  );
  const showAsOf = useCallback(
    (asOf: string) =>
      setSearch((known) => {
        known.set('asOf', asOf);
        return known;
      }),
    [setSearch],
  );
  const openWriting = useCallback(({ id, name, segment }: SegmentRow) => setWriting({ key: id, name, segment }), []);
  return (
    <Page
      title={t('title')}
      subtitle={t('lead')}
      fullWidth
      {...(loaded === null ? {} : { primaryAction: { content: t('create'), url: editAddressOf(null) } })}
    >
      <TitleBar title={t('title')} />
      {loaded === null ? (
        <AwaitedCard title={t('customers:empty.importingTitle')} text={t('customers:empty.importingText')} action={t('customers:empty.toOverview')} />
      ) : (
        <SegmentsPage {...loaded} onAsOf={showAsOf} editAddressOf={editAddressOf} onWrite={openWriting} />
      )}
      {writing === null || loaded === null ? null : <WriteDialog of={writing} timeZone={loaded.timeZone} onClose={close} />}
    </Page>
  );
}
