import type { Journal } from './journal.ts';
import type { SimRecords, SimShopState } from './simulator.ts';
import type { SimAutomaticDiscount, SimCodeDiscount, SimCustomer, SimMetafieldDefinition, SimOrder, SimProduct, SimSegment, SimShop, SimStore } from './state.ts';

/** How many ids are reserved on disk at once, so that a restart never gives one out twice. */
const idBlock = 1000;

export interface ShopStoreDependencies {
  journal: Journal | null;
  emit(store: ShopStore, topic: string, record: SimOrder | SimCustomer | Record<string, unknown>): void;
  isInstalled(store: ShopStore): boolean;
}

/** The records of one store in memory, each write journalled before it returns. */
export class ShopStore implements SimShopState {
  readonly products = new Map<number, SimProduct>();
  readonly customers = new Map<number, SimCustomer>();
  readonly orders = new Map<number, SimOrder>();
  readonly discounts = new Map<number, SimCodeDiscount>();
  readonly automaticDiscounts = new Map<number, SimAutomaticDiscount>();
  readonly segments = new Map<number, SimSegment>();
  readonly metafieldDefinitions = new Map<number, SimMetafieldDefinition>();
  /** Grows with each write, so that sorted copies know when they are stale. */
  revision = 0;
  #shop: SimShop;
  readonly #codes = new Map<string, { discountId: number; codeId: number }>();
  readonly #dependencies: ShopStoreDependencies;
  #lastId = 0;
  #reservedThroughId = 0;

  constructor(shop: SimShop, dependencies: ShopStoreDependencies) {
    this.#shop = shop;
    this.#dependencies = dependencies;
    this.#seenIds(shop.id);
  }

  get shop(): SimShop {
    return this.#shop;
  }

  get domain(): string {
    return this.#shop.domain;
  }

  findCode(code: string): { discount: SimCodeDiscount; codeId: number } | undefined {
    const found = this.#codes.get(code.trim().toLowerCase());
    const discount = found && this.discounts.get(found.discountId);
    return found && discount ? { discount, codeId: found.codeId } : undefined;
  }

  save<K extends keyof SimRecords>(kind: K, record: SimRecords[K]): void {
    this.#dependencies.journal?.append({ kind, shop: this.domain, value: record });
    this.restore(kind, record);
  }

  /** The same as `save` without the journal: for records that come from there. */
  restore<K extends keyof SimRecords>(kind: K, record: SimRecords[K]): void {
    const setters: { [P in keyof SimRecords]: (value: SimRecords[P]) => void } = {
      shop: (shop) => {
        this.#shop = shop;
      },
      product: (product) => {
        this.products.set(product.id, product);
        this.#seenIds(product.id, ...product.variants.map((variant) => variant.id));
      },
      customer: (customer) => {
        this.customers.set(customer.id, customer);
        this.#seenIds(customer.id, ...(customer.metafields ?? []).map(({ id }) => id));
        for (const { id, credits } of customer.storeCredit ?? []) this.#seenIds(id, ...credits.map((credit) => credit.id));
      },
      order: (order) => this.#setOrder(order),
      discount: (discount) => this.#setDiscount(discount),
      automaticDiscount: (discount) => {
        if (discount.deletedAt === undefined) this.automaticDiscounts.set(discount.id, discount);
        else this.automaticDiscounts.delete(discount.id);
        this.#seenIds(discount.id);
      },
      segment: (segment) => {
        this.segments.set(segment.id, segment);
        this.#seenIds(segment.id);
      },
      metafieldDefinition: (definition) => {
        this.metafieldDefinitions.set(definition.id, definition);
        this.#seenIds(definition.id);
      },
    };
    setters[kind](record);
    this.revision += 1;
  }

  nextId(): number {
    this.#lastId += 1;
    if (this.#lastId > this.#reservedThroughId) {
      this.#reservedThroughId = this.#lastId + idBlock;
      this.#dependencies.journal?.append({ kind: 'reservedIds', shop: this.domain, value: this.#reservedThroughId });
    }
    return this.#lastId;
  }

  /** Ids up to here may have been given out by the process before. */
  skipIds(throughId: number): void {
    this.#lastId = Math.max(this.#lastId, throughId);
    this.#reservedThroughId = this.#lastId;
  }

  emit(topic: string, record: SimOrder | SimCustomer | Record<string, unknown>): void {
    this.#dependencies.emit(this, topic, record);
  }

  isInstalled(): boolean {
    return this.#dependencies.isInstalled(this);
  }

  #setOrder(order: SimOrder): void {
    this.orders.set(order.id, order);
    this.#seenIds(order.id);
    for (const line of order.lines) this.#seenIds(line.id);
    for (const refund of order.refunds) this.#seenIds(refund.id);
    for (const fulfillment of order.fulfillments) this.#seenIds(fulfillment.id);
  }

  #setDiscount(discount: SimCodeDiscount): void {
    for (const { code } of this.discounts.get(discount.id)?.codes ?? []) this.#codes.delete(code.toLowerCase());
    this.#seenIds(discount.id);
    if (discount.deletedAt !== undefined) {
      this.discounts.delete(discount.id);
      return;
    }
    this.discounts.set(discount.id, discount);
    for (const { id, code } of discount.codes) {
      this.#codes.set(code.toLowerCase(), { discountId: discount.id, codeId: id });
      this.#seenIds(id);
    }
  }

  #seenIds(...ids: number[]): void {
    for (const id of ids) if (id > this.#lastId) this.#lastId = id;
  }
}

/** The lines that make the same store again when they are replayed. */
export function* storeLines(store: SimStore): Generator<{ kind: string; shop: string; value: unknown }> {
  const shop = store.shop.domain;
  yield { kind: 'shop', shop, value: store.shop };
  for (const value of store.products) yield { kind: 'product', shop, value };
  for (const value of store.customers) yield { kind: 'customer', shop, value };
  for (const value of store.orders) yield { kind: 'order', shop, value };
}
