import { json } from '@remix-run/node';
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { Page } from '@shopify/polaris';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';

import { readForm } from '#app/adapters/http/read-form.server.ts';
import { useReloadWhile } from '#app/components/customers/use-reload-while.ts';
import { GiftsPage } from '#app/components/loyalty/gifts/gifts-page.tsx';
import { LoyaltyTabs } from '#app/components/loyalty/loyalty-tabs.tsx';
import { merchantContext } from '#app/context.server.ts';
import { goOnWithGift, stopGift } from '#app/services/loyalty/gifts/change-gift.server.ts';
import { listGifts } from '#app/services/loyalty/gifts/list-gifts.server.ts';

const formSchema = z.object({ intent: z.enum(['stop', 'go-on']), giftId: z.uuid() });

export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  return json({ ...(await listGifts(context)), staffId: context.staffId });
}

type Changed = { outcome: 'done' | 'refused' };

export async function action({ request }: ActionFunctionArgs) {
  const context = await merchantContext(request);
  const form = await readForm(request, formSchema);
  if (form === null) return json<Changed>({ outcome: 'refused' }, { status: 400 });
  const { intent, giftId } = form;
  const isDone = intent === 'stop' ? await stopGift(context, giftId) : await goOnWithGift(context, giftId, context);
  return isDone ? json<Changed>({ outcome: 'done' }) : json<Changed>({ outcome: 'refused' }, { status: 409 });
}

export default function LoyaltyGifts() {
  const { t } = useTranslation(['loyaltyGifts', 'loyaltyMembers']);
  const { gifts, timeZone, staffId, staffNames } = useLoaderData<typeof loader>();
  const { submit, data, formData, state } = useFetcher<Changed>();
  useReloadWhile(gifts.some((gift) => gift.state === 'giving'));
  useEffect(() => {
    if (data?.outcome === 'refused') window.shopify.toast.show(t('actions.failed'), { isError: true });
  }, [data, t]);
  const changed = formData?.get('giftId');
  return (
    <Page title={t('title')} subtitle={t('lead')} backAction={{ content: t('loyaltyMembers:title'), url: '/app/loyalty/members' }}>
      <TitleBar title={t('title')} />
      <LoyaltyTabs current="members" />
      <GiftsPage
        {...{ gifts, timeZone, staffId, staffNames }}
        changingId={state !== 'idle' && typeof changed === 'string' ? changed : null}
        onChange={(intent, giftId) => submit({ intent, giftId }, { method: 'post' })}
      />
    </Page>
  );
}
