import type { AppConfig } from './app-toml.ts';
import type { SimAutomaticDiscount, SimCodeDiscount, SimCustomer, SimMetafieldDefinition, SimOrder, SimProduct, SimSegment, SimShop } from './state.ts';

/** The records of a store that change after it was made; `save` names one of these. */
export interface SimRecords {
  shop: SimShop;
  product: SimProduct;
  customer: SimCustomer;
  order: SimOrder;
  discount: SimCodeDiscount;
  automaticDiscount: SimAutomaticDiscount;
  segment: SimSegment;
  metafieldDefinition: SimMetafieldDefinition;
}

/** One store inside the local Shopify. Read the maps freely; write through `save`, so that a restart remembers. */
export interface SimShopState {
  readonly shop: SimShop;
  readonly products: ReadonlyMap<number, SimProduct>;
  readonly customers: ReadonlyMap<number, SimCustomer>;
  readonly orders: ReadonlyMap<number, SimOrder>;
  readonly discounts: ReadonlyMap<number, SimCodeDiscount>;
  readonly automaticDiscounts: ReadonlyMap<number, SimAutomaticDiscount>;
  readonly segments: ReadonlyMap<number, SimSegment>;
  /** Case-insensitive, as Shopify's codes are. */
  findCode(code: string): { discount: SimCodeDiscount; codeId: number } | undefined;
  /** Inserts or replaces by id and appends to the journal on disk before it returns. */
  save<K extends keyof SimRecords>(kind: K, record: SimRecords[K]): void;
  /** A fresh id that no record of this store has; ids grow. */
  nextId(): number;
  /** Sends the webhook to each subscription of the topic (`orders/create`), signed, without waiting for it. */
  emit(topic: string, record: SimOrder | SimCustomer | Record<string, unknown>): void;
  /** True while the app holds a grant on this store. */
  isInstalled(): boolean;
}

/** The app as the local Shopify knows it, as the Partner Dashboard would. */
export interface SimApp {
  clientId: string;
  clientSecret: string;
  /** Where browsers reach the app: the front of the local Shopify that stands in for a tunnel, no trailing slash. */
  publicUrl: string;
  /** Last segment of the app's address in the admin. */
  handle: string;
  name: string;
}

export interface Simulator {
  /** `http://localhost:4000` */
  readonly origin: string;
  readonly app: SimApp;
  /** What the app's toml says. */
  readonly config: Pick<AppConfig, 'appProxy'>;
  readonly shops: ReadonlyMap<string, SimShopState>;
  /** Real time plus the offset that the control page set. */
  now(): Date;
}
