import { aProgram } from '#test/support/loyalty/a-program.ts';
import { openLoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import type { LoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import { askingStaff } from '#test/support/asking-staff.ts';

export const START = new Date('2026-03-02T10:00:00Z');

export let shop: LoyaltyShop;
let nextId = 1000;

export async function startLives(): Promise<void> {
  shop = await openLoyaltyShop();
}

/** Points end six months after the last order, and can be spent at once. */
export async function beginLives(): Promise<void> {
  shop.setClock(new Date('2026-01-01T00:00:00Z'));
  await shop.saveProgram(aProgram({ expiry: { kind: 'inactivity', months: 6, noticeDays: [] }, earning: { pendingDays: 0 } }));
  shop.setClock(START);
}

export function freshId(): number {
  nextId += 1;
  return nextId;
}

/** The shop hears of it at `toldAt`, in the worker's turn; 400 points. */
export async function buy(customerId: number, placedAt: Date, toldAt = placedAt): Promise<number> {
  const orderId = freshId();
  shop.setClock(toldAt);
  await shop.passTime();
  await shop.putOrder({ orderId, customerId, processedAt: placedAt, lines: [{ lineId: 1, totalMinor: 80_00 }] });
  await shop.award();
  return orderId;
}

export async function runTo(at: string): Promise<void> {
  shop.setClock(new Date(at));
  await shop.passTime();
}

export async function entriesOf(customerId: number): Promise<string[]> {
  const { rows } = await shop.owner.query<{ entry: string }>(
    `SELECT e.reason ->> 'code' || ' ' || sum(p.points) AS entry FROM loyalty_entries e JOIN loyalty_members m USING (shop_id, member_id)
     JOIN loyalty_postings p USING (shop_id, member_id, sequence) WHERE m.customer_id = $1 AND p.account IN ('customer', 'pending')
     GROUP BY e.shop_id, e.member_id, e.sequence ORDER BY e.sequence`,
    [customerId],
  );
  return rows.map(({ entry }) => entry);
}

export async function balanceOf(customerId: number): Promise<number> {
  const { rows } = await shop.owner.query<{ points: number }>('SELECT balance_points AS points FROM loyalty_members WHERE customer_id = $1', [customerId]);
  return rows[0]?.points ?? 0;
}

export async function findings(): Promise<string[]> {
  const { checkLedger } = await import('#app/adapters/db/checks/check-ledger.server.ts');
  return (await checkLedger(shop.owner, shop.context.shop)).map(({ code }) => code);
}

export async function enrol(customerId: number): Promise<void> {
  const { enrolCustomers } = await import('#app/adapters/db/loyalty/members.repository.server.ts');
  const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
  const { pool, shop: ref, now } = shop.context;
  await withTenantConnection(pool, ref, (connection) => enrolCustomers(connection, ref, { customerIds: [BigInt(customerId)], now: now() }));
}

export async function merge(from: number, to: number): Promise<void> {
  const { mergeMembers } = await import('#app/services/loyalty/merge-members.server.ts');
  const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
  await withTenantConnection(shop.context.pool, shop.context.shop, (connection) => mergeMembers(shop.context, connection, { fromId: BigInt(from), toId: BigInt(to) }));
}

export async function takeAll(customerId: number, most = Infinity): Promise<void> {
  const { shopContext } = await import('#app/context.server.ts');
  const { adjustPoints } = await import('#app/services/loyalty/adjust-points.server.ts');
  const { rows } = await shop.owner.query<{ member_id: string; points: number }>('SELECT member_id, balance_points AS points FROM loyalty_members WHERE customer_id = $1', [customerId]);
  const context = { ...shopContext(shop.context.shop), ...shop.context };
  await adjustPoints(context, { memberId: BigInt(rows[0]?.member_id ?? 0), points: -Math.min(rows[0]?.points ?? 0, most), note: 'x', expiresOn: null, formKey: String(freshId()) }, askingStaff('1'));
}
