import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { aProgram } from '#test/support/loyalty/a-program.ts';
import { openRedemptionShop, type RedemptionShop } from '#test/support/loyalty/redemption-shop.ts';
import { holdShopRow, whileHeld } from '#test/support/while-held.ts';
import { askingStaff } from '#test/support/asking-staff.ts';

const STAFF = '4711';

let shop: RedemptionShop;
let lastCustomer = 900_000;
let lastOrder = 77_000;

beforeAll(async () => {
  shop = await openRedemptionShop();
  await shop.saveProgram(aProgram());
});

afterAll(() => shop.stop());

const somebody = () => (lastCustomer += 1);
const anOrder = () => (lastOrder += 1);

async function merge(fromId: number, toId: number): Promise<void> {
  const { mergeMembers } = await import('#app/services/loyalty/merge-members.server.ts');
  const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
  const { context } = shop;
  await withTenantConnection(context.pool, context.shop, (connection) => mergeMembers(context, connection, { fromId: BigInt(fromId), toId: BigInt(toId) }));
}

const memberRow = async (customerId: number) =>
  (await shop.owner.query('SELECT member_id, claimed_at, welcome_due_at FROM loyalty_members WHERE customer_id = $1', [customerId])).rows[0];

describe('while two customers become one', () => {
  it('points that come back are those of who stayed', async () => {
    const { redeemPoints } = await import('#app/services/loyalty/redeem-points.server.ts');
    const { mergeMembers } = await import('#app/services/loyalty/merge-members.server.ts');
    const [went, stayed, buyer, orderId] = [somebody(), somebody(), somebody(), anOrder()];
    await shop.give(went, 500);
    await shop.give(stayed, 10);
    const wish = { customerId: BigInt(went), rewardId: 'amount-500', points: null, currency: null, requestKey: 'one wish' };
    expect(await redeemPoints(shop.context, wish)).toMatchObject({ ok: true });
    const [redemption] = await shop.redemptions();
    await shop.putOrder({ orderId, customerId: buyer, code: redemption?.code ?? '' });
    await shop.award();
    expect(await shop.redemptions()).toMatchObject([{ state: 'captured' }]);
    await shop.putOrder({ orderId, customerId: buyer, code: redemption?.code ?? '', cancelled: true });

    // The award finds the member as they were, and waits for the row that the merge holds.
    const { context } = shop;
    await whileHeld(shop.app.ownerUrl, {
      hold: (holder) => mergeMembers(context, holder, { fromId: BigInt(went), toId: BigInt(stayed) }),
      work: () => shop.award(),
    });
    expect(await shop.balance(stayed)).toMatchObject({ customer: 510 });
  });
});

describe('who has gone up in another', () => {
  it('leaves what was known of their account, and whether a welcome is still to be decided', async () => {
    const [went, stayed] = [somebody(), somebody()];
    for (const customerId of [went, stayed]) await shop.give(customerId, 10);
    const since = new Date('2026-01-05T10:00:00Z');
    await shop.owner.query('UPDATE loyalty_members SET claimed_at = $2, welcome_due_at = $2 WHERE customer_id = $1', [went, since]);
    const { member_id: memberId } = await memberRow(went);
    await merge(went, stayed);
    expect(await memberRow(stayed)).toMatchObject({ claimed_at: since, welcome_due_at: since });
    expect(await memberRow(-memberId)).toMatchObject({ claimed_at: null, welcome_due_at: null });
  });

  it('makes nobody decided about anew', async () => {
    const [went, stayed] = [somebody(), somebody()];
    for (const customerId of [went, stayed]) await shop.give(customerId, 10);
    const [earlier, later] = [new Date('2026-01-05T10:00:00Z'), new Date('2026-02-05T10:00:00Z')];
    await shop.owner.query('UPDATE loyalty_members SET claimed_at = $2, welcome_due_at = $2 WHERE customer_id = $1', [went, earlier]);
    await shop.owner.query('UPDATE loyalty_members SET claimed_at = $2 WHERE customer_id = $1', [stayed, later]);
    await merge(went, stayed);
    expect(await memberRow(stayed)).toMatchObject({ claimed_at: earlier, welcome_due_at: null });
  });

  it.each(['a member', 'none'])('is forgotten with one who was forgotten before and is %s', async (kind) => {
    const { adjustPoints } = await import('#app/services/loyalty/adjust-points.server.ts');
    const [went, forgotten] = [somebody(), -somebody()];
    for (const customerId of kind === 'none' ? [went] : [went, forgotten]) await shop.give(customerId, 10);
    await shop.owner.query('UPDATE loyalty_members SET claimed_at = now(), welcome_due_at = now(), birthday = 510 WHERE customer_id = $1', [went]);
    const memberId = BigInt((await memberRow(went)).member_id);
    expect(await adjustPoints(shop.context, { memberId, points: 5, note: 'Called twice', expiresOn: null, formKey: randomUUID() }, askingStaff(STAFF))).toMatchObject({ ok: true });
    await shop.owner.query(
      `WITH told AS (INSERT INTO loyalty_notices SELECT shop_id, 'n' || member_id, member_id, 'tier-rise', '{}', now() FROM loyalty_members WHERE member_id = $1)
       INSERT INTO loyalty_flow_events (shop_id, event_key, member_id, trigger, facts, occurred_at, noted_at, state, settled_at)
       SELECT shop_id, 'e' || member_id, member_id, 'points-earned', '{}', now(), now(), 'told', now() FROM loyalty_members WHERE member_id = $1`,
      [memberId],
    );
    await merge(went, forgotten);
    for (const table of ['loyalty_notices', 'loyalty_flow_events']) expect((await shop.owner.query(`SELECT 1 FROM ${table} WHERE member_id = $1`, [memberId])).rowCount, table).toBe(0);
    const { rows } = await shop.owner.query('SELECT claimed_at, welcome_due_at, birthday, is_excluded FROM loyalty_members WHERE member_id = $1', [memberId]);
    expect(rows).toEqual([{ claimed_at: null, welcome_due_at: null, birthday: null, is_excluded: true }]);
    expect(await memberRow(forgotten)).toMatchObject({ claimed_at: null, welcome_due_at: null });
    expect((await shop.owner.query('SELECT note FROM loyalty_notes WHERE member_id = $1', [memberId])).rows).toEqual([]);
  });

  it('has used up a reward that each member has once, in however many steps', async () => {
    const [first, second, third] = [somebody(), somebody(), somebody()];
    const usual = aProgram();
    await shop.saveProgram({ ...usual, rewards: usual.rewards.map((reward) => ({ ...reward, limitAMember: 1 })) });
    for (const customerId of [first, second, third]) await shop.give(customerId, 500);
    expect(await shop.redeem({ customerId: BigInt(first) })).toMatchObject({ ok: true });
    await merge(first, second);
    await merge(second, third);
    expect(await shop.redeem({ customerId: BigInt(third) })).toEqual({ ok: false, reason: 'limit-reached', limit: 1 });
    await shop.saveProgram(usual);
  });
});

describe('while a customer is deleted', () => {
  /** Known by an order, which stays. */
  async function whileDeleted<T>(customerId: number, work: () => Promise<T>): Promise<T> {
    const { raiseTombstoneOn } = await import('#app/adapters/db/tombstones.repository.server.ts');
    const { shop: ref, sealedBox } = shop.context;
    await shop.putOrder({ orderId: anOrder(), customerId });
    return whileHeld(shop.app.ownerUrl, {
      hold: async (holder) => {
        await holdShopRow(holder, ref);
        await raiseTombstoneOn(holder, sealedBox, ref, 'deleted-customer', BigInt(customerId));
      },
      work,
    });
  }

  it('a gift to everybody in a segment makes no member of them', async () => {
    const { giveToPage } = await import('#app/services/loyalty/gifts/give-to-page.server.ts');
    const { insertGift, loadGift } = await import('#app/adapters/db/loyalty/gifts.repository.server.ts');
    const { loadProgramTerms } = await import('#app/services/loyalty/program-terms.server.ts');
    const { context } = shop;
    const { inShop, shop: ref, now } = context;
    const gone = somebody();
    const giftId = randomUUID();
    await inShop((db) => insertGift(db, ref, { giftId, segmentId: 5n, segmentName: 'All', points: 40, note: 'Summer', staffId: STAFF, expectedCustomers: 1 }, now()));
    const [gift, terms] = [await inShop((db) => loadGift(db, ref, giftId)), await inShop((db) => loadProgramTerms(db, context))];
    if (gift === null || terms === null) throw new Error('there is no gift');
    expect(await whileDeleted(gone, () => giveToPage(context, { gift, terms, page: { customerIds: [BigInt(gone)], next: null } }))).toBe(true);
    expect(await memberRow(gone)).toBeUndefined();
    expect(await inShop((db) => loadGift(db, ref, giftId))).toMatchObject({ state: 'completed', givenMembers: 0, unknownCustomers: 1 });
  });

  it('an adjustment by the merchant makes no member of them', async () => {
    const { adjustCustomerPoints } = await import('#app/services/admin-blocks/adjust-customer-points.server.ts');
    const gone = somebody();
    const request = { customerId: BigInt(gone), points: '40', direction: 'give' as const, reason: 'Sorry', requestKey: randomUUID() };
    expect(await whileDeleted(gone, () => adjustCustomerPoints(shop.context, request, askingStaff(STAFF)))).toEqual({ state: 'refused', errors: [{ field: null, code: 'forgotten' }] });
    expect(await memberRow(gone)).toBeUndefined();
  });
});

describe('while the merchant leaves', () => {
  const whileLeaving = <T>(work: () => Promise<T>): Promise<T> =>
    whileHeld(shop.app.ownerUrl, { hold: (holder) => holder.query('UPDATE shops SET uninstalled_at = now() WHERE shop_id = $1', [shop.context.shop.shopId]), work }).finally(() =>
      shop.owner.query('UPDATE shops SET uninstalled_at = NULL WHERE shop_id = $1', [shop.context.shop.shopId]),
    );
  const giving = async () => (await shop.owner.query("SELECT FROM loyalty_gifts WHERE state = 'giving'")).rowCount;

  it('no gift begins, and none goes on', async () => {
    const { requestGift } = await import('#app/services/loyalty/gifts/request-gift.server.ts');
    const { goOnWithGift, stopGift } = await import('#app/services/loyalty/gifts/change-gift.server.ts');
    const { context, shopify } = shop;
    const id = shopify.nextId();
    const at = context.now().toISOString();
    shopify.save('segment', { id, name: 'All who ordered', query: 'number_of_orders > 0', creationDate: at, lastEditDate: at, isDeleted: false });
    const asked = { segmentId: BigInt(id), points: 40, note: 'Summer', requestKey: randomUUID() };
    expect(await whileLeaving(() => requestGift(context, asked, askingStaff(STAFF)))).toMatchObject({ ok: false });
    expect(await giving()).toBe(0);
    expect(await requestGift(context, asked, askingStaff(STAFF))).toMatchObject({ ok: true });
    expect(await stopGift(context, asked.requestKey)).toBe(true);
    expect(await whileLeaving(() => goOnWithGift(context, asked.requestKey, askingStaff(STAFF)))).toBe(false);
    expect(await giving()).toBe(0);
  });
});
