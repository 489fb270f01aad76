import { json } from '@remix-run/node';
import type { ActionFunctionArgs } from '@remix-run/node';
import { z } from 'zod';

import { readForm } from '#app/adapters/http/read-form.server.ts';
import { merchantContext } from '#app/context.server.ts';
import { showCustomerNames } from '#app/services/retention/show-customer-names.server.ts';

const formSchema = z.object({ ids: z.string().regex(/^\d{1,18}(?:,\d{1,18}){0,49}$/) });

/**
 * What Shopify calls the customers of a table, asked for once it is painted: it never waits for Shopify. A POST although
 * it reads, since it writes who looked.
 */
export async function action({ request }: ActionFunctionArgs) {
  const context = await merchantContext(request);
  const form = await readForm(request, formSchema);
  if (form === null) return json(null, { status: 400 });
  const customerIds = form.ids.split(',').map(BigInt);
  const shown = await showCustomerNames(context, { customerIds, actor: `staff:${context.staffId}` });
  return json(shown, { headers: { 'Cache-Control': 'no-store' } });
}
