import { readCustomerTiers } from '#app/adapters/db/loyalty/customer-tiers.server.ts';
import { readTerms } from '#app/adapters/db/loyalty/newest-program.server.ts';
import { withTenantConnection, withTenantSnapshot } from '#app/adapters/db/tenant.server.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import { placeTiers } from '#app/domain/retention/columns/customer-tiers.ts';
import type { CustomerTiers, TierName, TierOfCustomer } from '#app/domain/retention/columns/customer-tiers.ts';
import type { OrderColumns } from '#app/domain/retention/columns/order-columns.ts';
import { customerKeyFromText } from '#app/domain/segments/page-key-query.ts';
import { programShown } from '#app/domain/shopper/program-shown.ts';
import { MS_PER_SECOND } from '#app/domain/time/durations.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** A merchant goes to and fro between tiers, of which few change in a minute. */
const TIERS_SERVE_MS = 60 * MS_PER_SECOND;

type TiersContext = Pick<ShopContext, 'pool' | 'shop' | 'now'>;

/** By which tiers customers can be told apart, from the lowest; null where the program has none, or is over. */
export async function loadTierNames(context: TiersContext): Promise<TierName[] | null> {
  const levels = await withTenantConnection(context.pool, context.shop, (connection) => readLevels(connection, context));
  return levels?.map(({ id, name }) => ({ id, name })) ?? null;
}

const kept = new WeakMap<OrderColumns, { readonly readAtMs: number; readonly tiers: CustomerTiers }>();

/** The tiers that the columns' customers are in now, a minute ago at most; null where there are none. */
export async function loadCustomerTiers(context: TiersContext, columns: OrderColumns): Promise<CustomerTiers | null> {
  const nowMs = context.now().getTime();
  const known = kept.get(columns);
  if (known !== undefined && nowMs - known.readAtMs < TIERS_SERVE_MS) return known.tiers;
  const tiers = await withTenantSnapshot(context.pool, context.shop, async (connection) => {
    const levels = await readLevels(connection, context);
    if (levels === null) return null;
    const members: TierOfCustomer[] = [];
    for await (const slice of readCustomerTiers(connection, context.shop, nowMs)) {
      for (const { customerId, tierId } of slice) members.push({ customer: customerKeyFromText(customerId), tierId });
    }
    return placeTiers(columns, levels, members);
  });
  if (tiers !== null) kept.set(columns, { readAtMs: nowMs, tiers });
  return tiers;
}

async function readLevels(connection: Parameters<typeof readTerms>[0], { shop, now }: TiersContext): Promise<NonNullable<Program['tiers']>['levels'] | null> {
  const terms = await readTerms(connection, shop);
  if (terms === null) return null;
  const { timeZone, newest: { program } } = terms;
  return programShown(program, { nowMs: now().getTime(), timeZone }) === null ? null : (program.tiers?.levels ?? null);
}
