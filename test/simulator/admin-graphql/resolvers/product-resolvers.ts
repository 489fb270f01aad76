import { fixedDecimal } from '../../currency-amount.ts';
import { fromGid, toGid } from '../../global-id.ts';
import type { ShopStore } from '../../shop-store.ts';
import type { SimCollection, SimProduct, SimVariant } from '../../state.ts';
import { paginate } from '../page.ts';
import { resolversOf, textArg, type ResolverMap } from '../resolver.ts';
import { search } from '../visible-records.ts';

interface VariantSource {
  product: SimProduct;
  variant: SimVariant;
}

const product = resolversOf<SimProduct>({
  id: ({ id }) => toGid('Product', id),
  legacyResourceId: ({ id }) => String(id),
  updatedAt: ({ createdAt }) => createdAt,
  publishedAt: ({ createdAt }) => createdAt,
  status: () => 'ACTIVE',
  tags: () => [],
  featuredMedia: () => null,
  isGiftCard: ({ isGiftCard = false }) => isGiftCard,
  inCollection: ({ collections = [] }, args) => {
    const id = fromGid(textArg(args, 'id') ?? '', 'Collection');
    return collections.some((collection) => collection.id === id);
  },
  variants: (source, args, context) =>
    paginate(
      { items: source.variants, idOf: ({ id }) => id, wrap: (variant) => ({ product: source, variant }) },
      args,
      context,
    ),
});

const variant = resolversOf<VariantSource>({
  id: (source) => toGid('ProductVariant', source.variant.id),
  legacyResourceId: (source) => String(source.variant.id),
  title: (source) => source.variant.title,
  displayName: (source) => `${source.product.title} - ${source.variant.title}`,
  sku: (source) => source.variant.sku,
  product: (source) => source.product,
  price: (source, _args, { store }) =>
    fixedDecimal({ amountMinor: source.variant.priceMinor, currency: store.shop.currency }),
});

const collection = resolversOf<SimCollection>({
  id: ({ id }) => toGid('Collection', id),
  legacyResourceId: ({ id }) => String(id),
});

export const productResolvers: ResolverMap = { Product: product, ProductVariant: variant, Collection: collection };

/** Of all products, each once, in the order of their ids. */
function collectionsOf(store: ShopStore): SimCollection[] {
  const byId = new Map([...store.products.values()].flatMap(({ collections = [] }) => collections.map((one) => [one.id, one] as const)));
  return [...byId.values()].sort((left, right) => left.id - right.id);
}

export function findCollection(id: number, store: ShopStore): SimCollection | null {
  return collectionsOf(store).find((one) => one.id === id) ?? null;
}

export const productQueries = resolversOf<unknown>({
  productVariant: (_source, args, { store }) => {
    const id = fromGid(textArg(args, 'id') ?? '', 'ProductVariant');
    for (const source of store.products.values()) {
      const found = source.variants.find((candidate) => candidate.id === id);
      if (found) return { product: source, variant: found };
    }
    return null;
  },
  product: (_source, args, { store }) =>
    store.products.get(fromGid(textArg(args, 'id') ?? '', 'Product') ?? -1) ?? null,
  products: (_source, args, context) => {
    const all = [...context.store.products.values()].sort((left, right) => left.id - right.id);
    const items = search(all, textArg(args, 'query'), readField, context);
    return paginate({ items, idOf: ({ id }) => id, wrap: (item) => item }, args, context);
  },
  collections: (_source, args, context) => {
    const items = search(collectionsOf(context.store), textArg(args, 'query'), readCollection, context);
    return paginate({ items, idOf: ({ id }) => id, wrap: (item) => item }, args, context);
  },
  productsCount: (_source, _args, { store }) => ({ count: store.products.size, precision: 'EXACT' }),
});

function readCollection({ id, title }: SimCollection, field: string): (string | number)[] | undefined {
  if (field === 'id') return [id];
  return field === 'title' || field === 'default' ? [title] : undefined;
}

function readField(item: SimProduct, field: string): (string | number)[] | undefined {
  switch (field) {
    case 'id':
      return [item.id];
    case 'title':
    case 'default':
      return [item.title];
    case 'handle':
      return [item.handle];
    case 'product_type':
      return [item.productType];
    case 'vendor':
      return [item.vendor];
    case 'created_at':
    case 'updated_at':
      return [item.createdAt];
    default:
      return undefined;
  }
}
