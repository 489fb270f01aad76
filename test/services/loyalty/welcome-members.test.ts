import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { CustomerRecord } from '#app/adapters/shopify/parse-customer.ts';
import type { WayToEarn } from '#app/contracts/shopper-loyalty.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import { followUpsDone } from '#app/services/follow-ups.server.ts';
import { aProgram, openLoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import type { LoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import { waitFor } from '#test/support/wait-for.ts';

const START = new Date('2026-03-02T10:00:00Z');
const BEFORE = new Date('2025-06-01T10:00:00Z');
const HOUR_MS = 3_600_000;

let shop: LoyaltyShop;
let nextId = 1000;

beforeAll(async () => {
  shop = await openLoyaltyShop();
});

afterAll(() => shop.stop());

beforeEach(async () => {
  await setAccounts('CLASSIC');
  shop.setClock(new Date('2026-01-01T00:00:00Z'));
  await saveProgram();
  shop.setClock(START);
});

const setAccounts = (kind: 'CLASSIC' | 'NEW_CUSTOMER_ACCOUNTS') => shop.owner.query('UPDATE shops SET customer_accounts = $1', [kind]);

/** 5 points a euro and 100 for joining. */
const saveProgram = ({ welcomePoints = 100, status = { kind: 'live' } }: { welcomePoints?: number | null; status?: Program['status'] } = {}) =>
  shop.saveProgram(aProgram({ status, earning: { pendingDays: 0, welcomePoints } }));

function freshId(): number {
  nextId += 1;
  return nextId;
}

function passHour(): void {
  shop.setClock(new Date(shop.context.now().getTime() + HOUR_MS));
}

/** As a webhook, an order or a comparison brings the customer, an hour after what came before; a pull has an import. */
async function hear(customerId: number, accountState: string | null, { createdAt = BEFORE, updatedAt = null as Date | null } = {}): Promise<void> {
  const { saveCustomers } = await import('#app/adapters/db/customers.repository.server.ts');
  const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
  passHour();
  const now = shop.context.now();
  const customer: CustomerRecord = { customerId: BigInt(customerId), createdAt, updatedAt: updatedAt ?? now, accountState, locale: 'de', numberOfOrders: 0, shopifyRfmGroup: null };
  await withTenantConnection(shop.context.pool, shop.context.shop, (connection) => saveCustomers(connection, shop.context.shop, [customer], null));
}

/** 400 points. */
async function buy(customerId: number): Promise<void> {
  passHour();
  await shop.putOrder({ orderId: freshId(), customerId, processedAt: shop.context.now(), lines: [{ lineId: 1, totalMinor: 80_00 }] });
  await shop.award();
}

/** A signed-in look at the points, and what is noted behind it. */
async function visit(customerId: number): Promise<WayToEarn | null> {
  passHour();
  const told = await look(customerId);
  await followUpsDone();
  return told;
}

/** What it says of the points for joining; null where it names none. */
async function look(customerId: number): Promise<WayToEarn | null> {
  const { getShopperLoyalty } = await import('#app/services/shopper/get-shopper-loyalty.server.ts');
  const told = await getShopperLoyalty({ ...shop.context, wait: async () => {} }, { customerId: BigInt(customerId), currency: null, texts: null });
  return (told.state === 'on' ? told.waysToEarn.find(({ kind }) => kind === 'welcome') : undefined) ?? null;
}

/** The worker's turns, more of them than are needed. */
async function work(): Promise<void> {
  const { welcomeMembers } = await import('#app/services/loyalty/welcome-members.server.ts');
  for (let turn = 0; turn < 2; turn += 1) {
    await welcomeMembers(shop.context);
    await shop.award();
    await shop.passTime();
  }
}

/** 50 points that a member brings from elsewhere. */
async function bring(customerId: number): Promise<void> {
  const { LedgerWriter } = await import('#app/adapters/db/loyalty/ledger.repository.server.ts');
  const { enrolCustomers, holdMembers } = await import('#app/adapters/db/loyalty/members.repository.server.ts');
  const { planAdjustment } = await import('#app/domain/loyalty/ledger/plan-adjustment.ts');
  const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
  const now = shop.context.now();
  await withTenantConnection(shop.context.pool, shop.context.shop, async (connection) => {
    await enrolCustomers(connection, shop.context.shop, { customerIds: [BigInt(customerId)], now });
    const [member] = await holdMembers(connection, shop.context.shop, { customerIds: [BigInt(customerId)] });
    if (member === undefined) throw new Error('no member');
    const writer = new LedgerWriter(now);
    const terms = { maturesAtMs: now.getTime(), expiresOn: null, orderId: null };
    writer.append(member, planAdjustment(member.ledger, { kind: 'import', key: `import/${customerId}`, points: 50, terms, occurredAtMs: now.getTime(), nowMs: now.getTime(), reason: { code: 'imported' } }));
    await writer.write(connection, shop.context.shop, () => null);
  });
}

/** What each entry gave, the oldest first. */
async function entriesOf(customerId: number): Promise<string[]> {
  const { rows } = await shop.owner.query<{ entry: string }>(
    `SELECT e.reason ->> 'code' || ' ' || -sum(p.points) AS entry FROM loyalty_entries e JOIN loyalty_members m USING (shop_id, member_id)
     JOIN loyalty_postings p USING (shop_id, member_id, sequence) WHERE m.customer_id = $1 AND p.account IN ('issued', 'adjustment')
     GROUP BY e.shop_id, e.member_id, e.sequence ORDER BY e.sequence`,
    [customerId],
  );
  return rows.map(({ entry }) => entry);
}

const claimedAt = async (customerId: number): Promise<Date | null> =>
  (await shop.owner.query<{ claimed_at: Date | null }>('SELECT claimed_at FROM loyalty_members WHERE customer_id = $1', [customerId])).rows[0]?.claimed_at ?? null;

const isDue = async (): Promise<boolean> =>
  (await shop.owner.query("SELECT FROM due_loyalty($1) WHERE work = 'member-time'", [shop.context.now()])).rowCount === 1;

describe('with legacy accounts, the points for joining', () => {
  it('wait for the account of who orders without one, and come once when it is activated, however often we hear of it', async () => {
    const anna = freshId();
    await hear(anna, 'DISABLED');
    await buy(anna);
    await hear(anna, 'INVITED');
    await work();
    expect(await entriesOf(anna)).toEqual(['order-earned 400']);
    expect(await claimedAt(anna)).toBeNull();
    await hear(anna, 'ENABLED');
    expect(await isDue()).toBe(true);
    const claimed = shop.context.now();
    await hear(anna, 'ENABLED');
    await work();
    await hear(anna, 'DISABLED');
    await hear(anna, 'ENABLED');
    await buy(anna);
    await visit(anna);
    await work();
    expect(await entriesOf(anna)).toEqual(['order-earned 400', 'welcome 100', 'order-earned 400']);
    expect(await claimedAt(anna)).toEqual(claimed);
    expect(await isDue()).toBe(false);
  });

  it.each(['the account', 'the order'])('come once where %s is told of first', async (first) => {
    const anna = freshId();
    await hear(anna, 'INVITED');
    if (first === 'the order') await buy(anna);
    await hear(anna, 'ENABLED');
    if (first === 'the account') await buy(anna);
    await work();
    expect((await entriesOf(anna)).toSorted()).toEqual(['order-earned 400', 'welcome 100']);
  });

  it('come without any order, and to who signs up after the program began', async () => {
    const [anna, ben] = [freshId(), freshId()];
    await hear(anna, 'DISABLED');
    await hear(anna, 'ENABLED');
    await hear(ben, 'ENABLED', { createdAt: shop.context.now() });
    await work();
    expect([await entriesOf(anna), await entriesOf(ben)]).toEqual([['welcome 100'], ['welcome 100']]);
  });

  it('come to nobody just because the program begins: who long had an account has them with the first order', async () => {
    const [anna, ben] = [freshId(), freshId()];
    await hear(anna, 'ENABLED');
    await hear(anna, 'ENABLED');
    await hear(ben, 'ENABLED', { updatedAt: BEFORE });
    await work();
    expect([await entriesOf(anna), await entriesOf(ben)]).toEqual([[], []]);
    await buy(anna);
    expect(await entriesOf(anna)).toEqual(['welcome 100', 'order-earned 400']);
  });

  it('do not come of a state that is older than what we hold', async () => {
    const anna = freshId();
    await hear(anna, 'DISABLED');
    await hear(anna, 'ENABLED', { updatedAt: BEFORE });
    await work();
    expect(await entriesOf(anna)).toEqual([]);
  });

  it('follow the shop to new accounts: who ordered before has them when they are seen signed in', async () => {
    const anna = freshId();
    await hear(anna, 'DISABLED');
    await buy(anna);
    await setAccounts('NEW_CUSTOMER_ACCOUNTS');
    await buy(anna);
    await work();
    expect(await entriesOf(anna)).toEqual(['order-earned 400', 'order-earned 400']);
    await visit(anna);
    await visit(anna);
    await work();
    expect(await entriesOf(anna)).toEqual(['order-earned 400', 'order-earned 400', 'welcome 100']);
  });
});

describe('with new accounts, the points for joining', () => {
  beforeEach(() => setAccounts('NEW_CUSTOMER_ACCOUNTS'));

  it('come with the first order, or with the first signed-in look, and never twice', async () => {
    const [anna, ben] = [freshId(), freshId()];
    await hear(anna, 'DISABLED');
    await buy(anna);
    await visit(anna);
    await visit(ben);
    expect(await claimedAt(ben)).toEqual(shop.context.now());
    await buy(ben);
    await work();
    expect(await entriesOf(anna)).toEqual(['welcome 100', 'order-earned 400']);
    expect((await entriesOf(ben)).toSorted()).toEqual(['order-earned 400', 'welcome 100']);
  });

  it('follow the shop to legacy accounts: who was seen signed in has an account', async () => {
    const anna = freshId();
    await hear(anna, 'DISABLED');
    await visit(anna);
    await setAccounts('CLASSIC');
    await buy(anna);
    await work();
    expect(await entriesOf(anna)).toEqual(['welcome 100', 'order-earned 400']);
  });
});

describe('that a customer was seen signed in', () => {
  beforeEach(() => setAccounts('NEW_CUSTOMER_ACCOUNTS'));

  const COMING = { kind: 'welcome', points: 100, isDone: false, isComing: true };
  const OPEN = { ...COMING, isComing: false };
  const DONE = { ...OPEN, isDone: true };

  /** As a sync, or a redaction, while it stores. */
  const whileShopIsHeld = async (deed: (connection: pg.PoolClient) => Promise<void>): Promise<void> => {
    const { holdShop } = await import('#app/adapters/db/hold-shop.server.ts');
    const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
    await withTenantConnection(shop.context.pool, shop.context.shop, async (connection) => {
      await holdShop(connection, shop.context.shop);
      await deed(connection);
    });
    await followUpsDone();
  };
  const waiters = async (): Promise<number> =>
    (await shop.owner.query("SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")).rowCount ?? 0;
  const someoneWaits = () => waitFor('a turn to wait for the shop', async () => ((await waiters()) > 0 ? true : undefined));

  it('is written behind the answer, which says that the points are on their way', async () => {
    const anna = freshId();
    await whileShopIsHeld(async () => {
      expect(await look(anna)).toEqual(COMING);
      expect(await claimedAt(anna)).toBeNull();
    });
    expect(await claimedAt(anna)).toEqual(shop.context.now());
    expect(await look(anna)).toEqual(COMING);
    await work();
    expect(await look(anna)).toEqual(DONE);
  });

  it('is written once, however often and with how many others they look meanwhile', async () => {
    const others = Array.from({ length: 10 }, freshId);
    const anna = freshId();
    await whileShopIsHeld(async () => {
      await look(anna);
      await someoneWaits();
      await Promise.all([...others, ...others.map(() => anna)].map(look));
      expect(await waiters()).toBe(1);
    });
    const seen = shop.context.now();
    expect(await Promise.all([anna, ...others].map(claimedAt))).toEqual([anna, ...others].map(() => seen));
  });

  it('is not written of who is forgotten meanwhile', async () => {
    const { raiseTombstoneOn } = await import('#app/adapters/db/tombstones.repository.server.ts');
    const anna = freshId();
    await whileShopIsHeld(async (connection) => {
      await look(anna);
      await someoneWaits();
      await raiseTombstoneOn(connection, shop.context.sealedBox, shop.context.shop, 'customer', BigInt(anna));
    });
    expect((await shop.owner.query('SELECT FROM loyalty_members WHERE customer_id = $1', [anna])).rowCount).toBe(0);
    expect(await look(anna)).toEqual(OPEN);
  });

  it('is written by the next look when it was lost', async () => {
    const anna = freshId();
    await setAccounts('CLASSIC');
    await hear(anna, 'DISABLED');
    await buy(anna);
    await shop.owner.query('ALTER TABLE tombstones RENAME TO tombstones_away');
    expect(await visit(anna).finally(() => shop.owner.query('ALTER TABLE tombstones_away RENAME TO tombstones'))).toEqual(COMING);
    expect(await claimedAt(anna)).toBeNull();
    expect(await visit(anna)).toEqual(COMING);
    expect(await claimedAt(anna)).toEqual(shop.context.now());
    await work();
    expect(await entriesOf(anna)).toEqual(['order-earned 400', 'welcome 100']);
  });

  it('promises nothing to who was welcomed by an order, or came with points from elsewhere', async () => {
    const [anna, ben] = [freshId(), freshId()];
    await buy(anna);
    await bring(ben);
    expect([await visit(anna), await visit(ben), await visit(anna), await visit(ben)]).toEqual([DONE, DONE, DONE, DONE]);
    await work();
    expect([await entriesOf(anna), await entriesOf(ben)]).toEqual([['welcome 100', 'order-earned 400'], ['imported 50']]);
  });
});

describe('nobody is welcomed', () => {
  it('while the program does not welcome, nor for that later', async () => {
    const [anna, ben] = [freshId(), freshId()];
    await saveProgram({ welcomePoints: null });
    await hear(anna, 'DISABLED');
    await hear(anna, 'ENABLED');
    await hear(ben, 'DISABLED');
    await buy(ben);
    await saveProgram();
    await hear(ben, 'ENABLED');
    await visit(ben);
    await work();
    expect([await entriesOf(anna), await entriesOf(ben)]).toEqual([[], ['order-earned 400']]);
  });

  it('while the program is paused; who is seen again later is', async () => {
    const anna = freshId();
    await saveProgram({ status: { kind: 'paused' } });
    await visit(anna);
    await work();
    expect(await entriesOf(anna)).toEqual([]);
    passHour();
    await saveProgram();
    await visit(anna);
    await work();
    expect(await entriesOf(anna)).toEqual(['welcome 100']);
  });

  it('who came with points from elsewhere, who is left out, and who was forgotten', async () => {
    const [anna, ben, cleo] = [freshId(), freshId(), freshId()];
    for (const customerId of [anna, ben, cleo]) {
      await hear(customerId, 'DISABLED');
      await hear(customerId, 'ENABLED');
    }
    await bring(anna);
    await shop.owner.query('UPDATE loyalty_members SET is_excluded = true WHERE customer_id = $1', [ben]);
    await shop.owner.query('UPDATE loyalty_members SET customer_id = -customer_id WHERE customer_id = $1', [cleo]);
    await work();
    expect([await entriesOf(anna), await entriesOf(ben), await entriesOf(-cleo)]).toEqual([['imported 50'], [], []]);
  });

  it('who was forgotten and looks at the points once more: they are a member no more, nor again', async () => {
    const { redactCustomer } = await import('#app/services/privacy/redact-customer.server.ts');
    const { systemRuntime } = await import('#app/runtime.server.ts');
    const anna = freshId();
    await hear(anna, 'DISABLED');
    await visit(anna);
    expect(await claimedAt(anna)).not.toBeNull();
    await redactCustomer({ ...systemRuntime, ...shop.context }, { customerId: BigInt(anna), orderIds: [] });
    await visit(anna);
    expect((await shop.owner.query('SELECT FROM loyalty_members WHERE customer_id = $1', [anna])).rowCount).toBe(0);
  });

  it('twice as one person who was two customers', async () => {
    const { mergeMembers } = await import('#app/services/loyalty/merge-members.server.ts');
    const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
    const [anna, again] = [freshId(), freshId()];
    for (const customerId of [anna, again]) await hear(customerId, 'DISABLED');
    await hear(anna, 'ENABLED');
    await work();
    await withTenantConnection(shop.context.pool, shop.context.shop, async (connection) => {
      await connection.query('INSERT INTO loyalty_members (shop_id, customer_id, enrolled_at) VALUES ($1, $2, now())', [shop.context.shop.shopId, again]);
      await mergeMembers(shop.context, connection, { fromId: BigInt(anna), toId: BigInt(again) });
    });
    await hear(again, 'ENABLED');
    await work();
    const { rows } = await shop.owner.query("SELECT FROM loyalty_entries e JOIN loyalty_members m USING (shop_id, member_id) WHERE e.reason ->> 'code' = 'welcome' AND (m.customer_id = $1 OR m.merged_into = (SELECT member_id FROM loyalty_members WHERE customer_id = $1))", [again]);
    expect(rows).toHaveLength(1);
  });
});
