import { json } from '@remix-run/node';
import type { TypedResponse } from '@remix-run/node';

import type { Saved } from '#app/components/use-saving.ts';
import { log } from '#app/logging/log.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

interface SaveInput<Posted, Problems> {
  /** Null for what no page of ours sends. */
  readonly posted: Posted | null;
  readonly save: (posted: Posted) => Promise<Saved<Problems>>;
  /** For the log, when it could not be saved. */
  readonly problem: string;
}

/** Saves a page of settings. Whatever goes wrong, the page stays, with what the merchant has chosen or typed. */
export async function saveSettings<Posted, Problems = never>(
  { shop }: Pick<ShopContext, 'shop'>,
  { posted, save, problem }: SaveInput<Posted, Problems>,
): Promise<TypedResponse<Saved<Problems>>> {
  if (posted === null) return json<Saved<Problems>>({ outcome: 'failed' }, { status: 400 });
  try {
    const saved = await save(posted);
    return json<Saved<Problems>>(saved, { status: saved.outcome === 'saved' ? 200 : 422 });
  } catch (error) {
    log.error({ err: error, shopId: shop.shopId }, problem);
    return json<Saved<Problems>>({ outcome: 'failed' }, { status: 500 });
  }
}
