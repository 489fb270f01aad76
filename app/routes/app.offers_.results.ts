import { json } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';

import { merchantContext } from '#app/context.server.ts';
import { getOfferLift } from '#app/services/offers/get-offer-lift.server.ts';
import { getOfferResults } from '#app/services/offers/get-offer-results.server.ts';

/** What offers gave and added. Apart from the page, whose rules do not wait for sums over the shop's orders. */
export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  const [lift, results] = await Promise.all([getOfferLift(context, null), getOfferResults(context, null)]);
  return json({ lift, results });
}
