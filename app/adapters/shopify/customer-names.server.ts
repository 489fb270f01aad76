import { z } from 'zod';

import { ShopifyAccessError, ShopifyRequestError, ShopifyUnavailableError, type AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { gidOf, numericId } from '#app/adapters/shopify/gid.ts';
import { gidSchema } from '#app/adapters/shopify/record-schemas.ts';
import { CustomerNamesDocument, FindCustomersDocument } from '#app/generated/admin-api.ts';

/** Why Shopify told nothing: it is not to be had, or it may not. */
export type Silence = 'away' | 'not-granted';

export interface NamesFound {
  /** By customer. Who has no name, was deleted, or whose name is withheld, is not in it. */
  names: ReadonlyMap<bigint, string>;
  silence: Silence | null;
}

export interface CustomersFound {
  ids: bigint[];
  hasMore: boolean;
  silence: Silence | null;
}

const namedSchema = z.object({ id: gidSchema, displayName: z.string().trim().min(1) });

/** What Shopify calls customers, at most 250. */
export async function fetchCustomerNames(admin: AdminApi, customerIds: readonly bigint[]): Promise<NamesFound> {
  const names = new Map<bigint, string>();
  const asked = await askUnlessSilent(() => admin(CustomerNamesDocument, { ids: customerIds.map((id) => gidOf('Customer', id)) }));
  if (typeof asked === 'string') return { names, silence: asked };
  for (const node of asked.data.nodes) {
    // Null is a customer who is gone or withheld; what is no customer has no fields.
    const read = namedSchema.safeParse(node);
    if (read.success) names.set(read.data.id, read.data.displayName);
  }
  return { names, silence: names.size === 0 && asked.withheld.length > 0 ? 'not-granted' : null };
}

/** The customers whom Shopify finds by a name or an e-mail, without their names: see `fetchCustomerNames`. */
export async function findCustomersByText(admin: AdminApi, text: string, first: number): Promise<CustomersFound> {
  const query = customerQueryOf(text);
  if (query === '') return { ids: [], hasMore: false, silence: null };
  const asked = await askUnlessSilent(() => admin(FindCustomersDocument, { first, query }));
  if (typeof asked === 'string') return { ids: [], hasMore: false, silence: asked };
  const { nodes, pageInfo } = asked.data.customers;
  return { ids: nodes.flatMap(({ id }) => numericId(id) ?? []), hasMore: pageInfo.hasNextPage, silence: null };
}

/** For what can be done without: a store that is away, or does not let us, is an answer. */
export async function askUnlessSilent<TAnswer>(ask: () => Promise<TAnswer>): Promise<TAnswer | Silence> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ShopifyUnavailableError) return 'away';
    if (error instanceof ShopifyAccessError || error instanceof ShopifyRequestError) return 'not-granted';
    throw error;
  }
}

/**
 * Each word as the beginning of one, an address whole. What the language of searches gives a meaning to is left out, so
 * that nobody's name is a command in it.
 */
export function customerQueryOf(text: string): string {
  return text
    .split(/\s+/u)
    .map((word) => word.replace(/[^\p{L}\p{N}\p{M}@._+'-]/gu, '').replace(/^['_+.-]+/u, ''))
    .filter((word) => word !== '')
    .map((word) => (word.includes('@') ? `"${word.toLowerCase()}"` : `${word.toLowerCase()}*`))
    .join(' ');
}
