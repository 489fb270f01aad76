import type { LoaderFunctionArgs } from '@remix-run/node';

import { readShopperCurrency, readTextsPlace } from '#app/adapters/http/read-shopper-parameters.ts';
import { answerShopper, refuse } from '#app/http/shopper-endpoint.server.ts';
import type { ShopperLoyalty } from '#app/contracts/shopper-loyalty.ts';
import { getShopperLoyalty } from '#app/services/shopper/get-shopper-loyalty.server.ts';

/** `GET /api/shopper/loyalty?currency=USD&surface=profile&locale=de`: what a signed-in customer has, and could have. */
export const loader = ({ request }: LoaderFunctionArgs): Promise<Response> =>
  answerShopper<ShopperLoyalty>(request, 'GET', async ({ customerId, ...context }) => {
    const currency = readShopperCurrency(request);
    if (!currency.ok) return refuse(400, 'currency');
    return { ok: true, value: await getShopperLoyalty(context, { customerId, currency: currency.value, texts: readTextsPlace(request, null) }) };
  });
