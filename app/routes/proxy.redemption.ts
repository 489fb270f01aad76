import type { LoaderFunctionArgs } from '@remix-run/node';

import { readRedemptionId } from '#app/adapters/http/read-shopper-parameters.ts';
import type { RedemptionAnswer } from '#app/contracts/shopper-loyalty.ts';
import { refuse } from '#app/http/shopper-endpoint.server.ts';
import { answerVisitor } from '#app/http/storefront-endpoint.server.ts';
import { getShopperRedemption } from '#app/services/shopper/redeem-as-shopper.server.ts';

/** `GET /apps/perennial/redemption?id=` on a storefront: how far one of its visitor's redemptions has come. */
export const loader = ({ request }: LoaderFunctionArgs): Promise<Response> =>
  answerVisitor<RedemptionAnswer>(request, 'GET', async ({ customerId, ...context }) => {
    if (customerId === null) return refuse(403, 'signed-out');
    const id = readRedemptionId(request);
    if (!id.ok) return refuse(400, 'id');
    const value = await getShopperRedemption(context, { customerId, redemptionId: id.value });
    return value === null ? refuse(404, 'redemption') : { ok: true, value };
  });
