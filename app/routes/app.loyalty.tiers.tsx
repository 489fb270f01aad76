import { json } from '@remix-run/node';
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { BlockStack, Page } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';

import { readForm } from '#app/adapters/http/read-form.server.ts';
import { LoyaltyTabs } from '#app/components/loyalty/loyalty-tabs.tsx';
import { FreeShippingStatus } from '#app/components/loyalty/program/free-shipping-card.tsx';
import type { RenewalAnswer } from '#app/components/loyalty/program/free-shipping-card.tsx';
import { shouldShowAnew } from '#app/components/loyalty/program/program-answer.ts';
import { TiersPage } from '#app/components/loyalty/program/tiers-page.tsx';
import { UnknownShop } from '#app/components/loyalty/program/unknown-shop.tsx';
import { useProgramSaving } from '#app/components/loyalty/program/use-program-saving.ts';
import { merchantContext } from '#app/context.server.ts';
import { getProgram } from '#app/services/loyalty/get-program.server.ts';
import { getFreeShipping } from '#app/services/loyalty/perks/get-free-shipping.server.ts';
import { renewFreeShipping } from '#app/services/loyalty/perks/renew-free-shipping.server.ts';

const formSchema = z.object({ intent: z.literal('renew-free-shipping') });

export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  const [found, freeShipping] = await Promise.all([getProgram(context), getFreeShipping(context)]);
  return json({ found, freeShipping });
}

/** The free shipping that is not in force is made again. */
export async function action({ request }: ActionFunctionArgs) {
  const context = await merchantContext(request);
  if ((await readForm(request, formSchema)) === null) return json<RenewalAnswer>({ outcome: 'refused' }, { status: 400 });
  await renewFreeShipping(context);
  return json<RenewalAnswer>({ outcome: 'asked' });
}

export const shouldRevalidate = shouldShowAnew;

export default function LoyaltyTiers() {
  const { t } = useTranslation(['loyaltyTiers', 'loyalty']);
  const { found, freeShipping } = useLoaderData<typeof loader>();
  const saving = useProgramSaving(found?.version ?? 0);
  return (
    <Page title={t('title')} subtitle={t('lead')} backAction={{ content: t('loyalty:title'), url: '/app/loyalty' }}>
      <TitleBar title={t('title')} />
      <LoyaltyTabs current="tiers" />
      {/* What was saved replaces what was typed. */}
      {found === null ? (
        <UnknownShop />
      ) : (
        <BlockStack gap="400">
          {freeShipping === null ? null : <FreeShippingStatus freeShipping={freeShipping} />}
          <TiersPage key={found.version} {...found} saving={saving} />
        </BlockStack>
      )}
    </Page>
  );
}
