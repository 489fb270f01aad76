import type { LoaderFunctionArgs } from '@remix-run/node';

import { readEstimateRequest } from '#app/adapters/http/read-estimate-request.server.ts';
import { readTextsPlace } from '#app/adapters/http/read-shopper-parameters.ts';
import type { EarnEstimate } from '#app/contracts/earn-estimate.ts';
import { answerBuyer, refuse } from '#app/http/shopper-endpoint.server.ts';
import { estimateEarning } from '#app/services/shopper/estimate-earning.server.ts';

/** `POST /api/shopper/estimate?locale=de`: what an order of this checkout will give. Writes nothing. */
const answer = ({ request }: LoaderFunctionArgs): Promise<Response> =>
  answerBuyer<EarnEstimate>(request, 'POST', async ({ buyerCustomerId, ...context }) => {
    const checkout = await readEstimateRequest(request);
    if (checkout === null) return refuse(400, 'request');
    const asked = { customerId: buyerCustomerId, checkout, texts: readTextsPlace(request, 'checkout') };
    return { ok: true, value: await estimateEarning(context, asked) };
  });

// What a browser asks before it posts comes to the loader; anything else is no way to ask here.
export { answer as loader, answer as action };
