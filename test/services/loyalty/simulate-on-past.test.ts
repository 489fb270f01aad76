import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest } from '#test/support/app-under-test.ts';
import type { AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';

// More customers than one turn takes.
const STORE = syntheticStore(1_800);
const USUAL = defaultProgram({ currency: 'EUR', unitMinor: 100 });
/** A point a cent, for orders alone. */
const A_CENT: Program = {
  ...USUAL,
  earning: { ...USUAL.earning, rates: [{ currency: 'EUR', points: 1, perMinor: 1 }], welcomePoints: null, birthdayPoints: null },
  tiers: null,
};

let app: AppUnderTest;
let context: ShopContext;
let owner: pg.Client;

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE });
  context = { ...(await app.install(STORE.shop.domain)), now: () => new Date('2026-11-20T10:00:00Z') };
  await pullHistory(context);
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

async function simulate(program: unknown, shop = context) {
  const { simulateOnPast } = await import('#app/services/loyalty/simulate-on-past.server.ts');
  return simulateOnPast(shop, { program, breakageBasisPoints: 3_000 });
}

async function lastYear() {
  const { getRetentionReport } = await import('#app/services/retention/get-retention-report.server.ts');
  const answer = await getRetentionReport(context, { asOf: null });
  if (!answer.ok) throw new Error('nothing is known of the shop');
  return answer.value.report.trailing365;
}

describe('a program tried on the past', () => {
  it('gives a point for each cent that the retention report counts of the last year', async () => {
    const { customers, orders, guestOrders, revenueMinor } = await lastYear();
    expect({ orders: orders > 1_000, guestOrders }).toEqual({ orders: true, guestOrders: 0 });
    expect(await simulate(A_CENT)).toMatchObject({ members: customers, earningOrders: orders, issuedPoints: revenueMinor, breakageBasisPoints: 3_000 });
  });

  it('gives the welcome once to each member', async () => {
    const without = await simulate(A_CENT);
    const welcoming = await simulate({ ...A_CENT, earning: { ...A_CENT.earning, welcomePoints: 100 } });
    expect(welcoming?.issuedPoints).toBe((without?.issuedPoints ?? 0) + 100 * (without?.members ?? 0));
  });

  it('gives no welcome to whose legacy account is still to be activated, as going live would not', async () => {
    const welcome = { ...A_CENT, earning: { ...A_CENT.earning, welcomePoints: 100 } };
    const [without, everybody] = [await simulate(A_CENT), await simulate(welcome)];
    const { members = 0, issuedPoints = 0 } = without ?? {};
    const issuedWith = async (sql: string): Promise<number | undefined> => {
      await owner.query(sql);
      return (await simulate(welcome))?.issuedPoints;
    };
    expect(await issuedWith("UPDATE shops SET customer_accounts = 'CLASSIC'; UPDATE customers SET account_state = 'ENABLED'")).toBe(everybody?.issuedPoints);
    expect(await issuedWith("UPDATE customers SET account_state = 'DISABLED'")).toBe(issuedPoints);
    const { rows } = await owner.query<{ customer_id: string }>("SELECT customer_id FROM orders WHERE processed_at > '2026-01-01' AND financial_status = 'PAID' AND cancelled_at IS NULL AND NOT is_test GROUP BY customer_id ORDER BY count(*) DESC LIMIT 2");
    const [seen, active] = rows.map(({ customer_id: id }) => id);
    await owner.query('INSERT INTO loyalty_members (shop_id, customer_id, enrolled_at, claimed_at) VALUES ($1, $2, now(), now())', [context.shop.shopId, seen]);
    expect(await issuedWith(`UPDATE customers SET account_state = 'ENABLED' WHERE customer_id = ${active}`)).toBe(issuedPoints + 200);
    expect(await issuedWith("UPDATE shops SET customer_accounts = 'NEW_CUSTOMER_ACCOUNTS'")).toBe(issuedPoints + 100 * members);
    await owner.query('DELETE FROM loyalty_members');
  });

  it('has each member in one tier, by what the orders earned', async () => {
    const orderTiers: Program['tiers'] = USUAL.tiers && { ...USUAL.tiers, basis: 'orders', levels: USUAL.tiers.levels.map((level, index) => ({ ...level, threshold: index * 3 })) };
    const simulated = await simulate({ ...A_CENT, tiers: orderTiers });
    // Nobody has six orders; who has three and had none refunded is silver.
    expect(simulated?.membersByTier).toMatchObject({ gold: 0 });
    expect(simulated?.membersByTier['silver']).toBeGreaterThan(0);
    expect(Object.values(simulated?.membersByTier ?? {}).reduce((sum, count) => sum + count, 0)).toBe(simulated?.members);
  });

  it('is told beside the program that holds, where that one would come to something else', async () => {
    expect(await simulate(A_CENT)).toMatchObject({ before: null });
    await owner.query("INSERT INTO loyalty_program_versions (shop_id, version, program, saved_at) VALUES ($1, 3, $2, '2026-11-01')", [context.shop.shopId, JSON.stringify(A_CENT)]);
    const alone = await simulate(A_CENT);
    expect(alone).toMatchObject({ before: null });
    const twice = await simulate({ ...A_CENT, status: { kind: 'paused' }, earning: { ...A_CENT.earning, rates: [{ currency: 'EUR', points: 2, perMinor: 1 }] } });
    const { issuedPoints, members, worth, membersByTier } = alone ?? {};
    expect(twice?.issuedPoints).toBe(2 * (issuedPoints ?? 0));
    expect(twice?.before).toMatchObject({ version: 3, issuedPoints, members, worth, membersByTier, levels: [] });
  });

  it('is not tried where it is unsound or no program', async () => {
    expect(await simulate({ ...USUAL, earning: { ...USUAL.earning, pendingDays: -1 } })).toBeNull();
    expect(await simulate('x')).toBeNull();
  });
});
