import type { LoaderFunctionArgs } from '@remix-run/node';

import { readShopperCurrency, readTextsPlace } from '#app/adapters/http/read-shopper-parameters.ts';
import type { ShopperLoyalty } from '#app/contracts/shopper-loyalty.ts';
import { refuse } from '#app/http/shopper-endpoint.server.ts';
import { answerVisitor } from '#app/http/storefront-endpoint.server.ts';
import { getShopperLoyalty, getSignedOutLoyalty } from '#app/services/shopper/get-shopper-loyalty.server.ts';

/** `GET /apps/perennial/loyalty?currency=USD&locale=de` on a storefront: what its visitor has, or what there is to join. */
export const loader = ({ request }: LoaderFunctionArgs): Promise<Response> =>
  answerVisitor<ShopperLoyalty>(request, 'GET', async ({ customerId, ...context }) => {
    const currency = readShopperCurrency(request);
    if (!currency.ok) return refuse(400, 'currency');
    const asked = { currency: currency.value, texts: readTextsPlace(request, 'storefront') };
    const value = customerId === null ? await getSignedOutLoyalty(context, asked) : await getShopperLoyalty(context, { customerId, ...asked });
    return { ok: true, value };
  });
