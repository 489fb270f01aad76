import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Makes a customer a member, if they are none, with so many points more, as an import from elsewhere would. */
export async function givePoints(
  { shop, pool, now }: Pick<ShopContext, 'shop' | 'pool' | 'now'>,
  { customerId, points, key }: { customerId: bigint; points: number; key: string },
): Promise<void> {
  const { enrolCustomers, holdMembers } = await import('#app/adapters/db/loyalty/members.repository.server.ts');
  const { LedgerWriter } = await import('#app/adapters/db/loyalty/ledger.repository.server.ts');
  const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
  const { planAdjustment } = await import('#app/domain/loyalty/ledger/plan-adjustment.ts');
  await withTenantConnection(pool, shop, async (connection) => {
    await enrolCustomers(connection, shop, { customerIds: [customerId], now: now() });
    const [member] = await holdMembers(connection, shop, { customerIds: [customerId] });
    if (member === undefined) throw new Error('nobody');
    const nowMs = now().getTime();
    const terms = { maturesAtMs: nowMs, expiresOn: null, orderId: null };
    const writer = new LedgerWriter(now());
    writer.append(member, planAdjustment(member.ledger, { kind: 'import', key, points, terms, occurredAtMs: nowMs, nowMs, reason: { code: 'test' } }));
    await writer.write(connection, shop, () => null);
  });
}
