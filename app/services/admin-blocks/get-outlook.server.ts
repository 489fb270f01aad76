import type { AdminForecast, AdminOutlook } from '#app/contracts/admin-blocks.ts';
import { customerKeyFromText } from '#app/domain/segments/page-key-query.ts';
import { MS_PER_SECOND } from '#app/domain/time/durations.ts';
import { getCustomerFacts } from '#app/services/retention/get-customer-facts.server.ts';
import type { CustomerFacts } from '#app/services/retention/get-customer-facts.server.ts';
import { tellAmount } from '#app/services/shopper/tell-redemption.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Longer than this nobody waits for a customer's points, because a large store's orders are not in memory yet. */
const WAIT_MS = 3 * MS_PER_SECOND;
const RETRY_AFTER_MS = 2 * MS_PER_SECOND;
const COMPUTING = { state: 'computing', retryAfterMs: RETRY_AFTER_MS } as const;

/** Where a customer stands by their orders, and what is to be expected of them. */
export async function getOutlook(context: ShopContext, customerId: bigint): Promise<AdminOutlook> {
  if (!(await isPulled(context))) return { state: 'importing' };
  const facts = getCustomerFacts(context, { customerKey: customerKeyFromText(String(customerId)), asOf: null });
  const found = await Promise.race([facts, context.wait(WAIT_MS).then(() => 'late' as const)]);
  if (found === 'late') return COMPUTING;
  return found === null ? { state: 'importing' } : tellOutlook(found);
}

/** Until then most customers' orders are not here, and nobody has none for that. */
function isPulled({ inShop, shop: { shopId } }: ShopContext): Promise<boolean> {
  return inShop(async (db) => (await db.import.findFirst({ where: { shopId, resource: 'orders', state: 'completed' }, select: { importId: true } })) !== null);
}

function tellOutlook(facts: CustomerFacts): AdminOutlook {
  const { row, currency } = facts;
  if (row === null) return { state: 'no-orders' };
  return {
    state: 'known',
    orders: row.orders,
    spent: tellAmount({ amountMinor: row.spentMinor, currency }),
    lastOrderDay: row.lastOrder,
    group: row.group,
    rhythm: row.state,
    stage: row.stage,
    forecast: tellForecast(row, facts),
  };
}

function tellForecast(row: NonNullable<CustomerFacts['row']>, { isPredicting, noPAlive, prediction }: CustomerFacts): AdminForecast {
  if (isPredicting) return COMPUTING;
  if (noPAlive === 'too-little-data') return { state: 'not-enough-data' };
  if (prediction === null) return { state: 'too-new' };
  return {
    state: 'made',
    returnChance: row.pAlive,
    nextOrder: row.nextOrder === null ? null : row.nextOrder === 'never' ? { kind: 'never' } : { kind: 'day', day: row.nextOrder },
    isByRule: prediction.inUse === 'simpleRule',
  };
}
