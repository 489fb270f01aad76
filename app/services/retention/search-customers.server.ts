import { findCustomersByText } from '#app/adapters/shopify/customer-names.server.ts';
import type { Silence } from '#app/adapters/shopify/customer-names.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface CustomerSearch {
  /** Customers that were found, whether or not they have ordered. */
  customerIds: bigint[];
  /** Shopify finds more than it was asked for. */
  hasMore: boolean;
  /** Why Shopify could not be asked; null when it was, or did not have to be. */
  silence: Silence | null;
}

const FOUND_AT_MOST = 25;
/** The list waits for it; nobody waits longer for a list. */
const PATIENCE_MS = 5_000;
const MAX_ID = 2n ** 63n - 1n;
const NUMBER = /^#?\d{1,19}$/;

/**
 * Whom a merchant means by a few words: a number is that of a customer or of an order of theirs, and our own tables know
 * it. A name or an e-mail only Shopify knows; we ask it each time and keep nothing of it.
 */
export async function searchCustomers(context: ShopContext, text: string): Promise<CustomerSearch> {
  const words = text.trim();
  const customer = await customerNumbered(context, words);
  const buyers = customer === null ? await buyersOfOrderNamed(context, words) : [customer];
  if (buyers.length > 0 || NUMBER.test(words)) return { customerIds: buyers, hasMore: false, silence: null };
  const tooLate = context.wait(PATIENCE_MS).then(() => ({ ids: [], hasMore: false, silence: 'away' as const }));
  const found = await Promise.race([findCustomersByText(context.admin, words, FOUND_AT_MOST), tooLate]);
  return { customerIds: found.ids, hasMore: found.hasMore, silence: found.silence };
}

async function customerNumbered({ inShop, shop: { shopId } }: ShopContext, words: string): Promise<bigint | null> {
  const id = /^\d{1,19}$/.test(words) ? BigInt(words) : 0n;
  if (id === 0n || id > MAX_ID) return null;
  const order = await inShop((db) => db.order.findFirst({ where: { shopId, customerId: id }, select: { customerId: true } }));
  return order?.customerId ?? null;
}

/** By the index on names. Orders are named `#1001` unless the shop wants another prefix or suffix. */
async function buyersOfOrderNamed({ inShop, shop: { shopId } }: ShopContext, name: string): Promise<bigint[]> {
  if (!/\d/.test(name) || name.length > 60) return [];
  const orders = await inShop((db) =>
    db.order.findMany({
      where: { shopId, name: { in: [name, `#${name}`] }, customerId: { gt: 0 } },
      select: { customerId: true },
      take: FOUND_AT_MOST,
    }),
  );
  return [...new Set(orders.flatMap(({ customerId }) => customerId ?? []))];
}
