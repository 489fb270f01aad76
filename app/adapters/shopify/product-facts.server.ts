import { z } from 'zod';

import type { AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { gidOf } from '#app/adapters/shopify/gid.ts';
import { gidSchema } from '#app/adapters/shopify/record-schemas.ts';
import { ProductsInCollectionsDocument } from '#app/generated/admin-api.ts';

const PRODUCTS_A_READ = 250;
/** Each has a variable of its own in the document. */
const PLACES = ['a', 'b', 'c', 'd', 'e'] as const;

const productSchema = z.object({
  id: gidSchema.transform(Number),
  isGiftCard: z.boolean(),
  ...{ a: z.boolean(), b: z.boolean(), c: z.boolean(), d: z.boolean(), e: z.boolean() },
});

export interface ProductFacts {
  readonly isGiftCard: boolean;
  /** Those of the asked ones that hold it now. */
  readonly collectionIds: readonly number[];
}

interface ProductsAsked {
  readonly productIds: readonly number[];
  readonly collectionIds: readonly number[];
}

/** By product. One that is gone is left out. */
export async function loadProductFacts(admin: AdminApi, { productIds, collectionIds }: ProductsAsked): Promise<Map<number, ProductFacts>> {
  const found = new Map<number, ProductFacts>();
  const places = collectionIds.length === 0 ? [[]] : piecesOf(collectionIds, PLACES.length);
  for (const products of piecesOf(productIds, PRODUCTS_A_READ)) {
    for (const collections of places) {
      const gidAt = (place: number) => gidOf('Collection', BigInt(collections[place] ?? collections[0] ?? 0));
      const { data } = await admin(ProductsInCollectionsDocument, {
        products: products.map((id) => gidOf('Product', BigInt(id))),
        ...{ a: gidAt(0), b: gidAt(1), c: gidAt(2), d: gidAt(3), e: gidAt(4) },
      });
      for (const node of data.nodes) {
        if (node === null) continue;
        const { id, isGiftCard, ...isIn } = productSchema.parse(node);
        const holding = collections.filter((_, index) => isIn[PLACES[index] ?? 'a']);
        found.set(id, { isGiftCard, collectionIds: [...(found.get(id)?.collectionIds ?? []), ...holding] });
      }
    }
  }
  return found;
}

/** By product: those of the collections that hold it now. A product that is gone is in none. */
export async function loadCollectionsOf(admin: AdminApi, asked: ProductsAsked): Promise<Map<number, readonly number[]>> {
  if (asked.collectionIds.length === 0) return new Map();
  return new Map([...(await loadProductFacts(admin, asked))].map(([id, { collectionIds }]) => [id, collectionIds]));
}

function piecesOf<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
}
