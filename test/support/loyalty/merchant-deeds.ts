import type { SimOrder } from '#test/simulator/state.ts';
import { refundOrder } from '#test/simulator/order-changes.ts';
import type { HostileShop } from './hostile-shop.ts';
import { STAFF, toldPage } from './told-ledger.tsx';
import { askingStaff } from '#test/support/asking-staff.ts';

/** Pieces of the order's lines, which are counted from 1, and money beyond them. */
export async function refund(shop: HostileShop, { id }: SimOrder, pieces: readonly [line: number, quantity: number][], freeAmountMinor = 0): Promise<void> {
  const lines = pieces.map(([line, quantity]) => ({ lineItemId: id + line, quantity }));
  refundOrder(shop.shopify, shop.order(id), { lines, everything: false, freeAmountMinor, note: null }, shop.now());
  await shop.settle();
}

/** Answers with the code, once it can be used. */
export async function redeem(shop: HostileShop, customerId: number, rewardId: string): Promise<string> {
  const { redeemPoints } = await import('#app/services/loyalty/redeem-points.server.ts');
  const input = { customerId: BigInt(customerId), rewardId, points: null, currency: null, requestKey: `${customerId}/${rewardId}` };
  const redeemed = await redeemPoints(shop.context, input);
  if (!redeemed.ok) throw new Error(redeemed.reason);
  await shop.settle();
  const { rows } = await shop.owner.query<{ code: string; state: string }>('SELECT code, state FROM loyalty_redemptions WHERE redemption_id = $1', [redeemed.value.redemptionId]);
  const [row] = rows;
  if (row?.state !== 'issued') throw new Error(`the reward is ${row?.state}`);
  return row.code;
}

export async function adjust(shop: HostileShop, customerId: number, { points, note }: { points: number; note: string }): Promise<void> {
  const { adjustPoints } = await import('#app/services/loyalty/adjust-points.server.ts');
  const request = { memberId: await shop.memberIdOf(customerId), points, note, expiresOn: null, formKey: `${customerId}/${note}` };
  const adjusted = await adjustPoints(shop.context, request, askingStaff(STAFF));
  if (!adjusted.ok) throw new Error(adjusted.reason);
}

export async function exclude(shop: HostileShop, customerId: number, isExcluded: boolean): Promise<void> {
  const { excludeMember } = await import('#app/services/loyalty/exclude-member.server.ts');
  const isDone = await excludeMember(shop.context, { memberId: await shop.memberIdOf(customerId), isExcluded, staffId: STAFF });
  if (!isDone) throw new Error(`customer ${customerId} is no member`);
}

/** What the page answers to "why did this order earn, or not?". */
export async function why(shop: HostileShop, customerId: number, { name }: SimOrder): Promise<string> {
  const { explainOrder } = await import('#app/services/loyalty/explain-order.server.ts');
  const answer = await explainOrder(shop.context, { words: name, memberId: await shop.memberIdOf(customerId) });
  return toldPage(await shop.pageOf(customerId), 'en', answer);
}
