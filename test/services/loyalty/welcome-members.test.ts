import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { followUpsDone } from '#app/services/follow-ups.server.ts';
import { waitFor } from '#test/support/wait-for.ts';
import {
  BEFORE,
  bring,
  buy,
  claimedAt,
  entriesOf,
  freshId,
  hear,
  isDue,
  look,
  passHour,
  resetWelcoming,
  saveProgram,
  setAccounts,
  shop,
  startWelcoming,
  stopWelcoming,
  visit,
  work,
} from './welcoming-stage.ts';

beforeAll(startWelcoming);
afterAll(stopWelcoming);
beforeEach(resetWelcoming);

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
