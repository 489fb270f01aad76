import { json } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';

import { merchantContext } from '#app/context.server.ts';
import { getRfmAgreement } from '#app/services/retention/get-rfm-agreement.server.ts';

/** How often Shopify's groups are ours. Apart from the overview, which does not wait for it. */
export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  const asOf = new URL(request.url).searchParams.get('asOf');
  const found = await getRfmAgreement(context, { asOf });
  return json({ asOf, agreement: found?.agreement ?? null });
}
