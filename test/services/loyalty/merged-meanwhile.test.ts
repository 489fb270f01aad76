import { afterAll, beforeAll, expect, it } from 'vitest';

import { aProgram } from '#test/support/loyalty/loyalty-shop.ts';
import { openRedemptionShop, type RedemptionShop } from '#test/support/loyalty/redemption-shop.ts';
import { waitFor } from '#test/support/wait-for.ts';

const WENT = 900_001;
const STAYED = 900_002;
const BUYER = 900_003;
const ORDER = 77_001;

let shop: RedemptionShop;

beforeAll(async () => {
  shop = await openRedemptionShop();
  await shop.saveProgram(aProgram());
});

afterAll(() => shop.stop());

async function somebodyWaits(): Promise<true | undefined> {
  const { rows } = await shop.owner.query<{ waits: boolean }>(
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock') AS waits",
  );
  return rows[0]?.waits || undefined;
}

it('points that come back while their member goes up in another are those of who stayed', async () => {
  const { redeemPoints } = await import('#app/services/loyalty/redeem-points.server.ts');
  const { mergeMembers } = await import('#app/services/loyalty/merge-members.server.ts');
  const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
  await shop.give(WENT, 500);
  await shop.give(STAYED, 10);
  const wish = { customerId: BigInt(WENT), rewardId: 'amount-500', points: null, currency: null, requestKey: 'one wish' };
  expect(await redeemPoints(shop.context, wish)).toMatchObject({ ok: true });
  const [redemption] = await shop.redemptions();
  await shop.putOrder({ orderId: ORDER, customerId: BUYER, code: redemption?.code ?? '' });
  await shop.award();
  expect(await shop.redemptions()).toMatchObject([{ state: 'captured' }]);
  await shop.putOrder({ orderId: ORDER, customerId: BUYER, code: redemption?.code ?? '', cancelled: true });

  // The award finds the member as they were, and waits for the row that the merge holds.
  let commit = (): void => {};
  const isToCommit = new Promise<void>((resolve) => (commit = resolve));
  let tellMerged = (): void => {};
  const isMerged = new Promise<void>((resolve) => (tellMerged = resolve));
  const merging = withTenantConnection(shop.context.pool, shop.context.shop, async (connection) => {
    await mergeMembers(shop.context, connection, { fromId: BigInt(WENT), toId: BigInt(STAYED) });
    tellMerged();
    await isToCommit;
  });
  await isMerged;
  const awarding = shop.award();
  await waitFor('the award to wait for the merge', somebodyWaits);
  commit();
  await Promise.all([merging, awarding]);

  expect(await shop.balance(STAYED)).toMatchObject({ customer: 510 });
});
