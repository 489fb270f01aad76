import { json } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';

import { merchantContext } from '#app/context.server.ts';
import { getPredictions } from '#app/services/retention/get-predictions.server.ts';

/** What the predictions page shows. Apart from the page, which does not wait for it. */
export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  const found = await getPredictions(context, { asOf: new URL(request.url).searchParams.get('asOf') });
  return json(found === null ? null : { ...found, nowMs: context.now().getTime() });
}
