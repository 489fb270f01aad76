import type { SimRecords, SimShopState, Simulator } from '../simulator.ts';
import type { SimAutomaticDiscount, SimCodeDiscount, SimCustomer, SimMetafieldDefinition, SimOrder, SimProduct, SimSegment, SimShop } from '../state.ts';

export interface Emitted {
  topic: string;
  record: object;
}

export interface MemorySimulator extends Simulator {
  /** The one store, `perennial-demo`. */
  shop: SimShopState;
  emitted: Emitted[];
}

export interface MemorySimulatorOptions {
  origin?: string;
  publicUrl?: string;
  shop?: Partial<SimShop>;
  products?: SimProduct[];
  isInstalled?: boolean;
  now?: Date;
}

/** The smallest local Shopify that the browser side can stand on, for tests of the browser side alone. */
export function memorySimulator(options: MemorySimulatorOptions = {}): MemorySimulator {
  const emitted: Emitted[] = [];
  const shop = memoryShop(options, emitted);
  const { now } = options;
  return {
    origin: options.origin ?? 'http://localhost:4000',
    app: {
      clientId: 'client-id',
      clientSecret: 'client-secret',
      publicUrl: options.publicUrl ?? 'http://localhost:4001',
      handle: 'perennial',
      name: 'Perennial',
    },
    config: { appProxy: { url: '/proxy', prefix: 'apps', subpath: 'perennial' } },
    shops: new Map([[shop.shop.domain, shop]]),
    now: () => now ?? new Date(),
    shop,
    emitted,
  };
}

export function aProduct(id: number, title: string, priceMinor: number): SimProduct {
  return {
    id,
    title,
    handle: title.toLowerCase().replaceAll(' ', '-'),
    productType: 'Tea',
    vendor: 'Harbour Tea',
    createdAt: '2025-01-01T00:00:00.000Z',
    variants: [{ id: id * 10, title: 'Default Title', sku: null, priceMinor }],
  };
}

export function aDiscount(id: number, code: string, changes: Partial<SimCodeDiscount> = {}): SimCodeDiscount {
  return {
    id,
    title: code,
    createdAt: '2026-01-01T00:00:00.000Z',
    startsAt: '2026-01-01T00:00:00.000Z',
    endsAt: null,
    usageLimit: null,
    appliesOncePerCustomer: false,
    percentage: 0.15,
    amount: null,
    minimumSubtotal: null,
    customerIds: [],
    combinesWith: { orderDiscounts: false, productDiscounts: false, shippingDiscounts: false },
    codes: [{ id: id * 10, code, asyncUsageCount: 0 }],
    status: 'ACTIVE',
    ...changes,
  };
}

function memoryShop(options: MemorySimulatorOptions, emitted: Emitted[]): SimShopState {
  const products = options.products ?? [aProduct(1, 'Green Tea', 12_00), aProduct(2, 'Teapot', 40_00)];
  const records = {
    product: new Map(products.map((product) => [product.id, product])),
    customer: new Map<number, SimCustomer>(),
    order: new Map<number, SimOrder>(),
    discount: new Map<number, SimCodeDiscount>(),
    automaticDiscount: new Map<number, SimAutomaticDiscount>(),
    segment: new Map<number, SimSegment>(),
    metafieldDefinition: new Map<number, SimMetafieldDefinition>(),
  };
  let lastId = 1_000_000;
  return {
    shop: { ...SHOP, ...options.shop },
    products: records.product,
    customers: records.customer,
    orders: records.order,
    discounts: records.discount,
    automaticDiscounts: records.automaticDiscount,
    segments: records.segment,
    findCode(code) {
      for (const discount of records.discount.values()) {
        const found = discount.codes.find((one) => one.code.toLowerCase() === code.toLowerCase());
        if (found) return { discount, codeId: found.id };
      }
      return undefined;
    },
    save(kind, record) {
      const kept: Map<number, unknown> | undefined =
        kind === 'shop' ? undefined : records[kind satisfies keyof SimRecords];
      kept?.set(record.id, record);
    },
    nextId: () => (lastId += 1),
    emit: (topic, record) => void emitted.push({ topic, record }),
    isInstalled: () => options.isInstalled ?? true,
  };
}

const SHOP: SimShop = {
  id: 1,
  domain: 'perennial-demo.myshopify.com',
  name: 'Harbour Tea',
  email: 'owner@example.com',
  currency: 'EUR',
  ianaTimezone: 'Europe/Berlin',
  primaryLocale: 'en',
  locales: ['en', 'de', 'ar', 'ja', 'zh-CN'],
  planName: 'Basic',
  customerAccounts: 'CLASSIC',
  taxesIncluded: true,
  createdAt: '2024-01-01T00:00:00.000Z',
  appMetafields: [{ id: 1, namespace: 'storefront', key: 'program', type: 'json', value: '{"isShown":true}' }],
};
