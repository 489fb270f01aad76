import type { LoaderFunctionArgs } from '@remix-run/node';

import { readRedemptionId } from '#app/adapters/http/read-shopper-parameters.ts';
import type { RedemptionAnswer } from '#app/contracts/shopper-loyalty.ts';
import { answerShopper, refuse } from '#app/http/shopper-endpoint.server.ts';
import { getShopperRedemption } from '#app/services/shopper/redeem-as-shopper.server.ts';

/** `GET /api/shopper/redemption?id=`: how far one of the customer's redemptions has come. */
export const loader = ({ request }: LoaderFunctionArgs): Promise<Response> =>
  answerShopper<RedemptionAnswer>(request, 'GET', async ({ customerId, ...context }) => {
    const id = readRedemptionId(request);
    if (!id.ok) return refuse(400, 'id');
    const value = await getShopperRedemption(context, { customerId, redemptionId: id.value });
    return value === null ? refuse(404, 'redemption') : { ok: true, value };
  });
