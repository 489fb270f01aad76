import type { SimProduct, SimVariant } from '../../state.ts';
import type { StableIds } from '../stable-ids.ts';

export interface CatalogueItem {
  product: SimProduct;
  variant: SimVariant;
}

export interface ExportCatalogue {
  /** The product of a SKU, or of a title where there is no SKU; made at its first line, with that line's price. */
  itemOf(sku: string, title: string, unitMinor: number): CatalogueItem;
  products(createdAt: string, vendor: string): SimProduct[];
}

function handleOf(title: string, id: number): string {
  const slug = title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 80);
  return `${slug === '' ? 'product' : slug}-${id % 1_000_000}`;
}

export function exportCatalogue(ids: StableIds, keep: (text: string) => string): ExportCatalogue {
  const items = new Map<string, CatalogueItem>();
  return {
    itemOf: (sku, title, unitMinor) => {
      const key = sku === '' ? `title ${title}` : `sku ${sku}`;
      const known = items.get(key);
      if (known !== undefined) return known;
      const id = ids.fromKey(`product ${key}`);
      const item: CatalogueItem = {
        product: {
          id,
          title: keep(title),
          handle: handleOf(title, id),
          productType: '',
          vendor: '',
          createdAt: '',
          variants: [],
        },
        variant: {
          id: ids.fromKey(`variant ${key}`),
          title: 'Default Title',
          sku: sku === '' ? null : keep(sku),
          priceMinor: unitMinor,
        },
      };
      item.product.variants.push(item.variant);
      items.set(keep(key), item);
      return item;
    },
    products: (createdAt, vendor) => [...items.values()].map(({ product }) => ({ ...product, createdAt, vendor })),
  };
}
