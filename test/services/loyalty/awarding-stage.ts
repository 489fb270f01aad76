import { aProgram } from '#test/support/loyalty/a-program.ts';
import { openLoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import type { LoyaltyShop, TestOrder } from '#test/support/loyalty/loyalty-shop.ts';

export const DAY_MS = 86_400_000;
export const START = new Date('2026-03-02T10:00:00Z');

export let shop: LoyaltyShop;
let nextId = 1000;

/** A shop whose program has been live for a day. */
export async function startAwarding(): Promise<void> {
  shop = await openLoyaltyShop();
  shop.setClock(new Date(START.getTime() - DAY_MS));
  await shop.saveProgram(aProgram());
}

export function freshId(): number {
  nextId += 1;
  return nextId;
}

/** 80.00 of goods in two lines, bought at the start. */
export function anOrder(change: Partial<TestOrder> = {}): TestOrder {
  const orderId = freshId();
  return {
    orderId,
    customerId: freshId(),
    processedAt: START,
    lines: [
      { lineId: 1, totalMinor: 50_00 },
      { lineId: 2, totalMinor: 30_00, quantity: 3 },
    ],
    ...change,
  };
}

export async function putAndAward(order: TestOrder): Promise<void> {
  await shop.putOrder(order);
  await shop.award();
}

export async function balanceOf(customerId: number | null): Promise<{ points: number; pending: number }> {
  const { rows } = await shop.owner.query<{ points: number; pending: number }>(
    `SELECT coalesce(sum(p.points) FILTER (WHERE account = 'customer'), 0)::int AS points,
       coalesce(sum(p.points) FILTER (WHERE account = 'pending'), 0)::int AS pending
     FROM loyalty_members m LEFT JOIN loyalty_postings p USING (shop_id, member_id) WHERE m.customer_id = $1`,
    [customerId],
  );
  return rows[0] ?? { points: 0, pending: 0 };
}

export async function entriesAbout(orderId: number): Promise<{ kind: string; given: number; version: number; code: string }[]> {
  const { rows } = await shop.owner.query<{ kind: string; given: number; version: number; code: string }>(
    `SELECT e.kind, -sum(p.points)::int AS given, e.program_version AS version, e.reason ->> 'code' AS code
     FROM loyalty_entries e JOIN loyalty_postings p USING (shop_id, member_id, sequence)
     WHERE e.order_id = $1 AND p.account = 'issued' GROUP BY e.shop_id, e.member_id, e.sequence ORDER BY e.recorded_at, e.sequence`,
    [orderId],
  );
  return rows;
}
