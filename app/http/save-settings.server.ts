import { json } from '@remix-run/node';
import type { TypedResponse } from '@remix-run/node';
import type { z } from 'zod';

import { readForm } from '#app/adapters/http/read-form.server.ts';
import type { Saved } from '#app/components/use-saving.ts';
import { log } from '#app/logging/log.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

interface SaveInput<Schema extends z.ZodType> {
  readonly schema: Schema;
  /** False for what is no setting of ours. */
  readonly save: (posted: z.infer<Schema>) => Promise<boolean>;
  /** For the log, when it could not be saved. */
  readonly problem: string;
}

/** Saves a page of settings. Whatever goes wrong, the page stays, with what the merchant has chosen. */
export async function saveSettings<Schema extends z.ZodType>(
  request: Request,
  { shop }: Pick<ShopContext, 'shop'>,
  { schema, save, problem }: SaveInput<Schema>,
): Promise<TypedResponse<Saved>> {
  const posted = schema.safeParse(await readForm(request));
  if (!posted.success) return json<Saved>({ outcome: 'failed' }, { status: 400 });
  try {
    return (await save(posted.data)) ? json<Saved>({ outcome: 'saved' }) : json<Saved>({ outcome: 'failed' }, { status: 422 });
  } catch (error) {
    log.error({ err: error, shopId: shop.shopId }, problem);
    return json<Saved>({ outcome: 'failed' }, { status: 500 });
  }
}
