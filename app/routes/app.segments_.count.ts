import { json } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';

import { merchantContext } from '#app/context.server.ts';
import { segmentFromQuery } from '#app/domain/segments/segment-query.ts';
import { countMembers } from '#app/services/segments/count-members.server.ts';

/** How many belong to the segment of the address, for a rule that is being built. */
export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  const query = new URL(request.url).searchParams;
  const answer = await countMembers(context, { asOf: query.get('asOf'), segments: [segmentFromQuery(query).segment] });
  if (answer === null) return json(null);
  const { customers, isPredicting, counts, refillProducts } = answer;
  return json({ customers, isPredicting, refillProducts, count: counts[0]?.count ?? 0, notKnown: counts[0]?.notKnown ?? [] });
}
