import type { LoaderFunctionArgs } from '@remix-run/node';

import { readBefore } from '#app/adapters/http/read-shopper-parameters.ts';
import type { ShopperEntries } from '#app/contracts/shopper-loyalty.ts';
import { answerShopper, refuse } from '#app/http/shopper-endpoint.server.ts';
import { getShopperEntries } from '#app/services/shopper/get-shopper-entries.server.ts';

/** `GET /api/shopper/entries?before=42`: a page of the customer's ledger. */
export const loader = ({ request }: LoaderFunctionArgs): Promise<Response> =>
  answerShopper<ShopperEntries>(request, 'GET', async ({ customerId, ...context }) => {
    const before = readBefore(request);
    if (!before.ok) return refuse(400, 'before');
    return { ok: true, value: await getShopperEntries(context, { customerId, before: before.value }) };
  });
