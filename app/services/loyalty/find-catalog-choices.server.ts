import { findInCatalog, nameInCatalog } from '#app/adapters/shopify/catalog-choices.server.ts';
import type { CatalogChoices, CatalogKind } from '#app/adapters/shopify/catalog-choices.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export type CatalogQuestion =
  | { readonly kind: CatalogKind; readonly text: string }
  | { readonly kind: 'product' | 'collection'; readonly ids: readonly number[] };

/** Names of the store's own catalogue, by what a merchant types or by what was chosen before. */
export function findCatalogChoices({ admin }: Pick<ShopContext, 'admin'>, question: CatalogQuestion): Promise<CatalogChoices> {
  return 'ids' in question ? nameInCatalog(admin, question.kind, question.ids) : findInCatalog(admin, question.kind, question.text);
}
