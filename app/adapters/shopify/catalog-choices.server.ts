import { z } from 'zod';

import { ShopifyAccessError, ShopifyRequestError, ShopifyUnavailableError, type AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { gidOf } from '#app/adapters/shopify/gid.ts';
import { gidSchema } from '#app/adapters/shopify/record-schemas.ts';
import { FindCollectionsDocument, FindProductsDocument, FindVariantsDocument, NameCatalogDocument } from '#app/generated/admin-api.ts';

export type CatalogKind = 'product' | 'variant' | 'collection';

export interface CatalogChoice {
  id: number;
  title: string;
}

export interface CatalogChoices {
  choices: CatalogChoice[];
  /** Shopify told nothing: it is away, or we may not ask. */
  isSilent: boolean;
}

const FIRST = 25;
const VARIANTS_A_PRODUCT = 25;

const nodeSchema = z.object({ id: gidSchema.transform(Number), title: z.string() });

/** What Shopify finds by the beginnings of words; the first ones where nothing is asked for. */
export async function findInCatalog(admin: AdminApi, kind: CatalogKind, text: string): Promise<CatalogChoices> {
  const query = titleQueryOf(text);
  return unlessSilent(async () => {
    switch (kind) {
      case 'product':
        return (await admin(FindProductsDocument, { first: FIRST, query })).data.products.nodes;
      case 'collection':
        return (await admin(FindCollectionsDocument, { first: FIRST, query })).data.collections.nodes;
      case 'variant': {
        const { products } = (await admin(FindVariantsDocument, { first: FIRST, variants: VARIANTS_A_PRODUCT, query })).data;
        return products.nodes.flatMap(({ variants }) => variants.nodes.map(({ id, displayName }) => ({ id, title: displayName })));
      }
    }
  });
}

/** What products or collections are called; those that are gone have no name. At most 250. */
export async function nameInCatalog(admin: AdminApi, kind: 'product' | 'collection', ids: readonly number[]): Promise<CatalogChoices> {
  const type = kind === 'product' ? 'Product' : 'Collection';
  return unlessSilent(async () => (await admin(NameCatalogDocument, { ids: ids.map((id) => gidOf(type, BigInt(id))) })).data.nodes);
}

async function unlessSilent(ask: () => Promise<readonly unknown[]>): Promise<CatalogChoices> {
  try {
    const nodes = await ask();
    const choices = nodes.flatMap((node) => {
      const read = nodeSchema.safeParse(node);
      return read.success ? [read.data] : [];
    });
    return { choices, isSilent: false };
  } catch (error) {
    const isSilence = error instanceof ShopifyUnavailableError || error instanceof ShopifyAccessError || error instanceof ShopifyRequestError;
    if (isSilence) return { choices: [], isSilent: true };
    throw error;
  }
}

/** Each word as the beginning of one; what the language of searches gives a meaning to is left out. */
export function titleQueryOf(text: string): string {
  return text
    .split(/\s+/u)
    .map((word) => word.replace(/[^\p{L}\p{N}\p{M}]/gu, ''))
    .filter((word) => word !== '')
    .map((word) => `title:${word.toLowerCase()}*`)
    .join(' ');
}
