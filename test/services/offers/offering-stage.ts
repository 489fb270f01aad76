import pg from 'pg';
import { expect } from 'vitest';

import type { NextOrderOffer } from '#app/contracts/next-order-offer.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import type { SimCodeDiscount } from '#test/simulator/state.ts';
import type { Simulator } from '#test/simulator/simulator.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { askingAtOnce } from '#test/support/asking-at-once.ts';
import { installFaultyWire } from './faulty-wire.ts';
import { insertOrder } from './offer-orders.ts';

/** What the services and Shopify take for now; a token keeps its own time. */
export const clock = { ms: Date.now() };
const now = (): Date => new Date(clock.ms);

let app: AppUnderTest;
export let owner: pg.Client;
export let context: ShopContext;
export let shopify: ShopStore;
export let wire: ReturnType<typeof installFaultyWire>;
export let simulator: Simulator;
let lastOrderId = 50_000;

/** An installed shop that gives something for the next order, with a wire to Shopify that can be faulty. */
export async function startOffering({ orders }: { orders: number }): Promise<void> {
  const store = syntheticStore(orders);
  app = await startAppUnderTest({ store, now });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = { ...(await askingAtOnce(await app.install(store.shop.domain))), now };
  ({ simulator } = app.running);
  shopify = app.running.simulator.requireStore(store.shop.domain);
  wire = installFaultyWire(() => app.running.simulator.codeBatches.carriedOut());
}

export async function stopOffering(): Promise<void> {
  wire.remove();
  await owner.end();
  await app.stop();
}

/** No order, no discount and no rules. */
export async function resetOffering(at = new Date()): Promise<void> {
  wire.reset();
  clock.ms = at.getTime();
  for (const discount of [...shopify.discounts.values()]) deleteInShopify(discount);
  await owner.query("DELETE FROM offer_credits; DELETE FROM offer_discounts; DELETE FROM offer_settings; DELETE FROM orders; UPDATE shops SET currency = 'EUR'");
}

export async function rows<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
  return (await owner.query<Row>(sql)).rows;
}

export async function save(settings: unknown): Promise<void> {
  const { saveOfferSettings } = await import('#app/services/offers/save-offer-settings.server.ts');
  expect(await saveOfferSettings(context, settings)).toMatchObject({ ok: true });
}

/** A guest's, with null. */
export async function placeOrder(customerId: number | null): Promise<number> {
  lastOrderId += 1;
  await insertOrder(owner, context.shop.shopId, { orderId: lastOrderId, customerId, createdAt: now() });
  return lastOrderId;
}

export async function ask(orderId: number): Promise<NextOrderOffer> {
  const { requestNextOrderOffer } = await import('#app/services/offers/request-next-order-offer.server.ts');
  const answer = await requestNextOrderOffer(context, { orderId: BigInt(orderId), customerId: null });
  if (!answer.ok) throw new Error(answer.reason);
  return answer.value;
}

/** Whether the worker would find something to be done. */
export async function isDue(kind: 'offer-pool' | 'offer-codes'): Promise<boolean> {
  const { loadWaitingWork } = await import('#app/adapters/db/shop-registry.server.ts');
  const { prisma } = await import('#app/db.server.ts');
  return (await loadWaitingWork(prisma, now())).some(({ work }) => work === kind);
}

export const ours = (): SimCodeDiscount[] => [...shopify.discounts.values()].filter(({ title }) => title.startsWith('Perennial'));
/** Codes in Shopify that belong to an order, or could: a discount's first code is given to nobody. */
export const codesInShopify = (): string[] => ours().flatMap(({ codes }) => codes.slice(1).map(({ code }) => code));
export const deleteInShopify = (discount: SimCodeDiscount): void => void shopify.save('discount', { ...discount, deletedAt: now().toISOString() });
