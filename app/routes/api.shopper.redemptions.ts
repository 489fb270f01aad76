import type { LoaderFunctionArgs } from '@remix-run/node';

import { readRedeemRequest } from '#app/adapters/http/read-shopper-requests.server.ts';
import type { RedeemAnswer } from '#app/contracts/shopper-loyalty.ts';
import { answerShopper, refuse } from '#app/http/shopper-endpoint.server.ts';
import { redeemAsShopper } from '#app/services/shopper/redeem-as-shopper.server.ts';

/** `POST /api/shopper/redemptions`: spends the customer's points. */
const answer = ({ request }: LoaderFunctionArgs): Promise<Response> =>
  answerShopper<RedeemAnswer>(request, 'POST', async ({ customerId, ...context }) => {
    const wish = await readRedeemRequest(request);
    return wish === null ? refuse(400, 'request') : { ok: true, value: await redeemAsShopper(context, { customerId, request: wish }) };
  });

// What a browser asks before it posts comes to the loader; anything else is no way to ask here.
export { answer as loader, answer as action };
