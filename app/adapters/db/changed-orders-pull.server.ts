import { UNFINISHED_IMPORT_STATES } from '#app/adapters/db/imports.repository.server.ts';
import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';

/**
 * Asks for a pull of the orders that changed since. One of the orders that is under way stands in for it: whoever waits
 * for it finds out afterwards whether it brought what they wait for.
 * @returns the pull to wait for; null when one was under way and has just ended
 */
export async function requestChangedOrders(
  db: TenantDb,
  { shopId }: ShopRef,
  { importId, since, now }: { importId: string; since: Date; now: Date },
): Promise<string | null> {
  await db.$executeRaw`
    INSERT INTO imports (shop_id, import_id, resource, state, requested_at, updated_since)
    VALUES (${shopId}, ${importId}::uuid, 'orders', 'requested', ${now}, ${since})
    ON CONFLICT (shop_id, resource) WHERE state IN ('requested', 'running', 'storing') DO NOTHING`;
  const pull = await db.import.findFirst({
    where: { shopId, resource: 'orders', state: { in: UNFINISHED_IMPORT_STATES } },
    select: { importId: true },
  });
  return pull?.importId ?? null;
}
