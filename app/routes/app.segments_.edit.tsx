import { json, redirect } from '@remix-run/node';
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData, useNavigate, useSearchParams } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { Page } from '@shopify/polaris';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';

import { readForm } from '#app/adapters/http/read-form.server.ts';
import { codesOfConditions, countryNamesOf } from '#app/components/cohorts/country-names.ts';
import { DeleteSegmentDialog } from '#app/components/segments/delete-segment-dialog.tsx';
import { SegmentBuilder } from '#app/components/segments/segment-builder.tsx';
import type { Refusal } from '#app/components/segments/segment-builder.tsx';
import { WriteDialog } from '#app/components/segments/write/write-dialog.tsx';
import { merchantContext } from '#app/context.server.ts';
import { writeSavedQuery } from '#app/domain/segments/saved-segment.ts';
import { segmentFromQuery } from '#app/domain/segments/segment-query.ts';
import type { Segment } from '#app/domain/segments/segment.ts';
import { adminLocaleOf } from '#app/i18n/admin-locale.server.ts';
import { log } from '#app/logging/log.server.ts';
import { getSegmentToEdit } from '#app/services/segments/get-segments.server.ts';
import { deleteSegment, saveSegment } from '#app/services/segments/save-segment.server.ts';

// Longer than what is kept, so that the merchant is told and not the form refused.
const textSchema = z.string().max(20_000);
const formSchema = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('save'), segmentId: z.uuid(), name: textSchema, query: textSchema }),
  z.object({ intent: z.literal('delete'), segmentId: z.uuid() }),
]);

/** `?id=` a segment that is saved, or the conditions with which a new one begins. */
export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  const query = new URL(request.url).searchParams;
  const id = z.uuid().safeParse(query.get('id'));
  const found = await getSegmentToEdit(context, { asOf: query.get('asOf'), id: id.success ? id.data : null, begun: segmentFromQuery(query) });
  if (found === null) return redirect('/app/segments');
  const { counts, rule, choices, ...facts } = found;
  const codes = [...choices.country, ...choices.region, ...codesOfConditions(rule.segment.conditions)];
  const { count = 0, notKnown = [] } = counts[0] ?? {};
  return json({ ...facts, ...rule, choices, count, notKnown, countryNames: countryNamesOf(codes, adminLocaleOf(request).language) });
}

type Answer = { outcome: 'saved' } | { outcome: 'deleted' } | { outcome: 'refused'; refusal: Refusal | 'written' };

export async function action({ request }: ActionFunctionArgs) {
  const context = await merchantContext(request);
  const form = await readForm(request, formSchema);
  if (form === null) return json<Answer>({ outcome: 'refused', refusal: 'failed' }, { status: 400 });
  try {
    if (form.intent === 'delete') {
      const deleted = await deleteSegment(context, form.segmentId);
      return deleted.ok ? json<Answer>({ outcome: 'deleted' }) : json<Answer>({ outcome: 'refused', refusal: deleted.reason }, { status: 422 });
    }
    const saved = await saveSegment(context, form);
    return saved.ok ? json<Answer>({ outcome: 'saved' }) : json<Answer>({ outcome: 'refused', refusal: saved.reason }, { status: 422 });
  } catch (error) {
    // The page stays, with what the merchant has typed.
    log.error({ err: error, shopId: context.shop.shopId }, 'A segment could not be saved or deleted');
    return json<Answer>({ outcome: 'refused', refusal: 'failed' }, { status: 500 });
  }
}

/** What is saved or deleted leads to the list, and a refusal leaves the page as it is. */
export function shouldRevalidate({ formAction, defaultShouldRevalidate }: { formAction?: string; defaultShouldRevalidate: boolean }): boolean {
  return formAction === undefined && defaultShouldRevalidate;
}

export default function EditSegment() {
  const { t } = useTranslation(['segments', 'segmentWrites']);
  const loaded = useLoaderData<typeof loader>();
  const { id, name, segment, isSaved, asOf, customers, count, notKnown, isPredicting, unread } = loaded;
  const saving = useFetcher<Answer>();
  const deleting = useFetcher<Answer>();
  const [isWriting, setIsWriting] = useState(false);
  const [isDialogOpen, setIsDialogOpen] = useState(false);
  const listAddress = useListAddress();
  useOutcome(saving.data, listAddress);
  useOutcome(deleting.data, listAddress);
  const kept = deleting.data?.outcome === 'refused' ? deleting.data : null;
  useEffect(() => {
    if (kept !== null) window.shopify.toast.show(t(kept.refusal === 'written' ? 'remove.written' : 'remove.failed'), { isError: true });
  }, [kept, t]);
  const save = (typedName: string, rule: Segment) =>
    saving.submit({ intent: 'save', segmentId: id, name: typedName, query: writeSavedQuery(rule) }, { method: 'post' });
  const title = isSaved ? t('builder.editTitle') : t('builder.newTitle');
  return (
    <Page
      title={title}
      backAction={{ content: t('title'), url: listAddress }}
      secondaryActions={isSaved && unread.length === 0 ? [{ content: t('segmentWrites:open'), onAction: () => setIsWriting(true) }] : []}
    >
      <TitleBar title={title} />
      <SegmentBuilder
        key={id}
        {...loaded}
        initial={{ count, customers, notKnown, isPredicting }}
        segment={segment}
        isSaving={saving.state !== 'idle'}
        refusal={saving.state === 'idle' && saving.data?.outcome === 'refused' && saving.data.refusal !== 'written' ? saving.data.refusal : null}
        onSave={save}
        onDelete={() => setIsDialogOpen(true)}
        asOf={asOf}
      />
      {isWriting ? <WriteDialog of={{ key: id, name, segment }} timeZone={loaded.timeZone} onClose={() => setIsWriting(false)} /> : null}
      <DeleteSegmentDialog
        name={name}
        isOpen={isDialogOpen}
        isDeleting={deleting.state !== 'idle'}
        onClose={() => setIsDialogOpen(false)}
        onConfirm={() => deleting.submit({ intent: 'delete', segmentId: id }, { method: 'post' })}
      />
    </Page>
  );
}

function useListAddress(): string {
  const [search] = useSearchParams();
  const asOf = search.get('asOf');
  return `/app/segments${asOf === null ? '' : `?${new URLSearchParams({ asOf })}`}`;
}

/** Says what was done and goes back to the list. */
function useOutcome(answer: Answer | undefined, listAddress: string): void {
  const { t } = useTranslation('segments');
  const navigate = useNavigate();
  useEffect(() => {
    if (answer?.outcome === 'saved') window.shopify.toast.show(t('builder.saved'));
    else if (answer?.outcome === 'deleted') window.shopify.toast.show(t('remove.done'));
    else return;
    navigate(listAddress);
  }, [answer, listAddress, navigate, t]);
}
