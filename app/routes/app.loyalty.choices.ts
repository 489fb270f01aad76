import { json } from '@remix-run/node';
import type { LoaderFunctionArgs } from '@remix-run/node';
import { z } from 'zod';

import { merchantContext } from '#app/context.server.ts';
import { findCatalogChoices } from '#app/services/loyalty/find-catalog-choices.server.ts';

const idsSchema = z
  .string()
  .regex(/^\d{1,15}(?:,\d{1,15}){0,249}$/)
  .transform((text) => text.split(',').map(Number));

const questionSchema = z.union([
  z.object({ kind: z.enum(['product', 'collection']), ids: idsSchema }),
  z.object({ kind: z.enum(['product', 'variant', 'collection']), text: z.string().max(100) }),
]);

/** What a merchant chooses products, variants and collections from. */
export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  const question = questionSchema.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!question.success) return json(null, { status: 400 });
  return json(await findCatalogChoices(context, question.data));
}
