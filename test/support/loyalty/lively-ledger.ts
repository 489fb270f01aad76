import { LedgerWriter } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import type { HeldMember } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import type { EntryDraft } from '#app/domain/loyalty/ledger/entry.ts';
import type { LoyaltyShop } from './loyalty-shop.ts';
import { aProgram } from './a-program.ts';

const DAY_MS = 86_400_000;

/** Customers with a ledger of everything that happens: awards, refunds, maturities, redemptions, debt, expiry, a merge. */
export async function fillLedger(shop: LoyaltyShop, { customers, startMs }: { customers: number; startMs: number }): Promise<void> {
  const { planAdjustment } = await import('#app/domain/loyalty/ledger/plan-adjustment.ts');
  const { planReserve, planCapture } = await import('#app/domain/loyalty/ledger/plan-redemption.ts');
  shop.setClock(new Date(startMs - DAY_MS));
  await shop.saveProgram(aProgram({ earning: { welcomePoints: 100 } }));
  shop.setClock(new Date(startMs));
  for (let customer = 1; customer <= customers; customer += 1) {
    const order = { orderId: 10_000 + customer, customerId: customer, processedAt: new Date(startMs), lines: [{ lineId: 1, totalMinor: 8000 + customer }] };
    await shop.putOrder(order);
    await shop.putOrder({ ...order, orderId: 20_000 + customer });
  }
  await shop.award();
  shop.setClock(new Date(startMs + 20 * DAY_MS));
  await shop.passTime();
  const nowMs = startMs + 20 * DAY_MS;
  for (let customer = 1; customer <= customers; customer += 1) {
    await appendTo(shop, customer, (member) => {
      const redeeming = { redemptionId: `00000000-0000-4000-8000-${String(customer).padStart(12, '0')}`, programVersion: 1, nowMs, reason: { code: 'redeemed' } };
      const reserve = planReserve(member.ledger, 700, redeeming);
      if (!reserve.ok) throw new Error(reserve.reason);
      const lots = reserve.value.postings.flatMap(({ account, lotNo, points }) => {
        const lot = member.ledger.lots.find((candidate) => candidate.lotNo === lotNo);
        return account === 'reserved' && lot !== undefined ? [{ ...lot, points }] : [];
      });
      return [reserve.value, planCapture({ lots }, redeeming)];
    });
    // The spent order is refunded: most of them owe points then.
    await shop.putOrder({ orderId: 10_000 + customer, customerId: customer, processedAt: new Date(startMs), lines: [{ lineId: 1, totalMinor: 8000 + customer, currentQuantity: 0 }] });
    if (customer % 3 === 0) {
      const terms = { maturesAtMs: nowMs, expiresOn: null, orderId: null };
      const input = { kind: 'adjustment' as const, key: `adjustment/test/${customer}`, points: customer * 7, terms, occurredAtMs: nowMs, nowMs, reason: { code: 'adjusted' } };
      await appendTo(shop, customer, (member) => [planAdjustment(member.ledger, input)]);
    }
  }
  await shop.award();
  const { mergeMembers } = await import('#app/services/loyalty/merge-members.server.ts');
  const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
  await withTenantConnection(shop.context.pool, shop.context.shop, (connection) => mergeMembers(shop.context, connection, { fromId: 1n, toId: 2n }));
  shop.setClock(new Date(startMs + 800 * DAY_MS));
  await shop.passTime();
}

/** One member's entries by hand, each decided after the one before it. */
async function appendTo(shop: LoyaltyShop, customerId: number, decide: (member: HeldMember) => readonly EntryDraft[]): Promise<void> {
  const { holdMembers } = await import('#app/adapters/db/loyalty/members.repository.server.ts');
  const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
  await withTenantConnection(shop.context.pool, shop.context.shop, async (connection) => {
    const [member] = await holdMembers(connection, shop.context.shop, { customerIds: [BigInt(customerId)] });
    if (member === undefined) throw new Error(`customer ${customerId} is no member`);
    const writer = new LedgerWriter(shop.context.now());
    for (const draft of decide(member)) writer.append(member, draft);
    await writer.write(connection, shop.context.shop, () => shop.context.now().getTime());
  });
}
