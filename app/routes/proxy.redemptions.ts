import type { ActionFunctionArgs } from '@remix-run/node';

import { readRedeemRequest } from '#app/adapters/http/read-shopper-requests.server.ts';
import type { RedeemAnswer } from '#app/contracts/shopper-loyalty.ts';
import { refuse } from '#app/http/shopper-endpoint.server.ts';
import { answerVisitor } from '#app/http/storefront-endpoint.server.ts';
import { redeemAsShopper } from '#app/services/shopper/redeem-as-shopper.server.ts';

/**
 * `POST /apps/perennial/redemptions` on a storefront: spends its visitor's points. As JSON alone, which no page of another
 * site can send in a visitor's name: Shopify knows them by a cookie.
 */
export const action = ({ request }: ActionFunctionArgs): Promise<Response> =>
  answerVisitor<RedeemAnswer>(request, 'POST', async ({ customerId, ...context }) => {
    if (customerId === null) return refuse(403, 'signed-out');
    const wish = await readRedeemRequest(request);
    return wish === null ? refuse(400, 'request') : { ok: true, value: await redeemAsShopper(context, { customerId, request: wish }) };
  });
