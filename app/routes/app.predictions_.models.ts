import { json } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';

import { merchantContext } from '#app/context.server.ts';
import { getComparedModels } from '#app/services/retention/get-compared-models.server.ts';

/** What other models say. Fitted only when a merchant asks for it. */
export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  return json({ compared: await getComparedModels(context, { asOf: new URL(request.url).searchParams.get('asOf') }) });
}
