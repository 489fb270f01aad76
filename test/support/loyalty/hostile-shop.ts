import pg from 'pg';

import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import type { StatusChange } from '#app/domain/loyalty/program/change-status.ts';
import type { MemberPage } from '#app/domain/loyalty/members/member-page.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { until } from '#test/simulator/simulator-client.ts';
import { sameMoney } from '#test/simulator/state.ts';
import type { SimLineItem, SimMoneyBag, SimOrder } from '#test/simulator/state.ts';
import { syntheticCustomer, syntheticOrder, syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest } from '#test/support/app-under-test.ts';
import type { AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';

const DAY_MS = 86_400_000;
const CUSTOMERS = 60;

export interface BoughtLine {
  readonly title?: string;
  readonly productId?: number | null;
  readonly quantity?: number;
  /** Of one piece, in what the shopper pays in. */
  readonly unitMinor: number;
  readonly discountMinor?: number;
  readonly isGiftCard?: boolean;
}

export interface Purchase {
  readonly customerId: number | null;
  readonly lines: readonly BoughtLine[];
  readonly currency?: string;
  /** Minor units of the shop's currency for one of the shopper's. */
  readonly rate?: number;
  readonly code?: string;
  readonly tipMinor?: number;
  readonly isTest?: boolean;
  readonly status?: string;
}

/** 5 points a euro, spendable at once, nothing for anything else. */
export const plainProgram = (program: Program): Program => ({
  ...program,
  earning: { ...program.earning, pendingDays: 0, welcomePoints: null, birthdayPoints: null, firstOrderPoints: null, multipliers: [], rates: [{ currency: 'EUR', points: 5, perMinor: 100 }], otherCurrencies: 'convert' },
  tiers: null,
});

/** An installed shop beside the local Shopify that sends its webhooks over HTTP, and a worker that does its turns. */
export interface HostileShop {
  readonly app: AppUnderTest;
  readonly context: ShopContext;
  readonly shopify: ShopStore;
  readonly owner: pg.Client;
  now(): Date;
  passDays(days: number): Promise<void>;
  /** Someone who has bought nothing yet. */
  newCustomer(): number;
  buy(purchase: Purchase): Promise<SimOrder>;
  /** As Shopify has it now, with some of it changed; tells its webhook. */
  change(order: SimOrder, change: (now: SimOrder) => Partial<SimOrder>): Promise<SimOrder>;
  order(id: number): SimOrder;
  /** Waits for the webhooks under way, and does all that the worker would. */
  settle(): Promise<void>;
  /** As the page saves it. */
  save(change: (program: Program) => Program, status?: StatusChange): Promise<void>;
  /** The number of the program's version that holds. */
  version(): Promise<number>;
  program(): Promise<Program>;
  memberIdOf(customerId: number): Promise<bigint>;
  pageOf(customerId: number): Promise<MemberPage>;
  stop(): Promise<void>;
}

export async function openHostileShop(): Promise<HostileShop> {
  const store = { ...syntheticStore(0), customers: Array.from({ length: CUSTOMERS }, (_, index) => syntheticCustomer(100 + index)) };
  let clockMs = Date.now();
  const app = await startAppUnderTest({ store, now: () => new Date(clockMs) });
  const installed = await app.install(store.shop.domain);
  await pullHistory(installed);
  // Webhooks are stamped by the clock of the machine, which this one is never behind.
  clockMs = Date.now() + 60_000;
  const owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  const shopify = app.running.simulator.requireStore(store.shop.domain);
  const { shopContext } = await import('#app/context.server.ts');
  const context: ShopContext = { ...shopContext(installed.shop), now: () => new Date(clockMs) };
  let customers = 0;
  let orders = 0;

  const shop: HostileShop = {
    app,
    context,
    shopify,
    owner,
    now: () => new Date(clockMs),
    passDays: async (days) => {
      clockMs += days * DAY_MS;
      await shop.settle();
    },
    newCustomer: () => {
      customers += 1;
      if (customers > CUSTOMERS) throw new Error('no more customers');
      return 99 + customers;
    },
    buy: async (purchase) => {
      orders += 1;
      clockMs += 1_000;
      const order = orderOf(purchase, { id: 5_000_000 + orders * 100, name: `#${1000 + orders}`, at: new Date(clockMs), shopCurrency: shopify.shop.currency });
      shopify.save('order', order);
      shopify.emit('orders/create', order);
      await shop.settle();
      return order;
    },
    change: async ({ id }, change) => {
      clockMs += 1_000;
      const now = shop.order(id);
      const changed = { ...now, ...change(now), updatedAt: new Date(clockMs).toISOString() };
      shopify.save('order', changed);
      shopify.emit('orders/updated', changed);
      await shop.settle();
      return changed;
    },
    order: (id) => {
      const order = shopify.orders.get(id);
      if (!order) throw new Error(`no order ${id}`);
      return order;
    },
    settle: async () => {
      await until(() => app.running.simulator.webhooks.deliveries().filter(({ status }) => status === 'pending').length, (pending) => pending === 0);
      clockMs += 1_000;
      await doTurns(context);
    },
    save: async (change, status) => {
      clockMs += 1_000;
      const { saveProgram } = await import('#app/services/loyalty/save-program.server.ts');
      const newest = await newestOf(context);
      const program = change(newest?.program ?? defaultProgram({ currency: shopify.shop.currency, unitMinor: 100 }));
      const saved = await saveProgram(context, { basedOn: newest?.version ?? 0, program, change: status ?? null, savedBy: '1' });
      if (!saved.ok) throw new Error(`not saved: ${JSON.stringify(saved)}`);
      await shop.settle();
    },
    version: async () => (await newestOf(context))?.version ?? 0,
    program: async () => {
      const newest = await newestOf(context);
      if (newest === null) throw new Error('no program');
      return newest.program;
    },
    memberIdOf: async (customerId) => {
      const { rows } = await owner.query<{ member_id: string }>('SELECT member_id FROM loyalty_members WHERE customer_id = $1', [customerId]);
      if (rows[0] === undefined) throw new Error(`customer ${customerId} is no member`);
      return BigInt(rows[0].member_id);
    },
    pageOf: async (customerId) => {
      const { getMember } = await import('#app/services/loyalty/get-member.server.ts');
      const page = await getMember(context, { memberId: await shop.memberIdOf(customerId), before: null });
      if (page === null) throw new Error('no page');
      return page;
    },
    stop: async () => {
      await owner.end();
      await app.stop();
    },
  };
  return shop;
}

async function newestOf(context: ShopContext) {
  const { loadNewestProgram } = await import('#app/adapters/db/loyalty/programs.repository.server.ts');
  return context.inShop((db) => loadNewestProgram(db, context.shop));
}

/** What the worker does for a shop, in its order, until nothing is left of it. */
async function doTurns(context: ShopContext): Promise<void> {
  const { handleWebhooks } = await import('#app/services/sync/webhooks/handle-webhooks.server.ts');
  const { awardOrders } = await import('#app/services/loyalty/award-orders.server.ts');
  const { passTime } = await import('#app/services/loyalty/pass-time.server.ts');
  const { lookOverMembers } = await import('#app/services/loyalty/look-over-members.server.ts');
  const { endProgram } = await import('#app/services/loyalty/end-program.server.ts');
  const { advanceRedemptions } = await import('#app/services/loyalty/advance-redemptions.server.ts');
  const { welcomeMembers } = await import('#app/services/loyalty/welcome-members.server.ts');
  const failures = await handleWebhooks(context);
  if (failures.length > 0) throw new AggregateError(failures.map(({ error }) => error), 'webhooks failed');
  while ((await awardOrders(context)) === 'more');
  while (await welcomeMembers(context));
  while ((await passTime(context)) === 'more');
  const offences = await lookOverMembers(context);
  if (offences !== null && offences.length > 0) throw new Error(`the ledger does not add up: ${JSON.stringify(offences)}`);
  if (offences !== null) await endProgram(context);
  while ((await passTime(context)) === 'more');
  await advanceRedemptions(context);
}

function orderOf(purchase: Purchase, { id, name, at, shopCurrency }: { id: number; name: string; at: Date; shopCurrency: string }): SimOrder {
  const { customerId, currency = shopCurrency, rate = 1, code, tipMinor = 0, isTest = false, status = 'PAID' } = purchase;
  const bag = (minor: number): SimMoneyBag => ({
    shop: { amountMinor: Math.round(minor * rate), currency: shopCurrency },
    presentment: { amountMinor: minor, currency },
  });
  const lines = purchase.lines.map((line, index) => lineOf(line, id + 1 + index, bag));
  const discountMinor = purchase.lines.reduce((sum, line) => sum + (line.discountMinor ?? 0), 0);
  const totalMinor = purchase.lines.reduce((sum, line) => sum + line.unitMinor * (line.quantity ?? 1), 0) - discountMinor + tipMinor;
  const base = syntheticOrder(id, { name, customerId, at: at.toISOString() });
  return {
    ...base,
    test: isTest,
    financialStatus: status,
    presentmentCurrency: currency,
    lines,
    shipping: bag(0),
    shippingTax: bag(0),
    tip: bag(tipMinor),
    received: bag(status === 'PAID' ? totalMinor : 0),
    discounts: code === undefined ? [] : [{ code, discountId: null, amount: bag(discountMinor) }],
  };
}

/** A line of the order, also for one that an edit adds. */
export function lineOf({ title = 'Tea', productId = 10, quantity = 1, unitMinor, discountMinor = 0, isGiftCard = false }: BoughtLine, id: number, bag = (minor: number) => sameMoney(minor, 'EUR')): SimLineItem {
  return {
    id,
    productId,
    variantId: 11,
    title,
    variantTitle: null,
    sku: null,
    ...(isGiftCard ? { isGiftCard } : {}),
    quantity,
    currentQuantity: quantity,
    unitPrice: bag(unitMinor),
    discount: bag(discountMinor),
    tax: bag(0),
  };
}
