import { loadOffersGiven, readOfferUses } from '#app/adapters/db/sql/offer-uses.server.ts';
import { requireCounting } from '#app/adapters/db/shop-state.server.ts';
import { withTenantSnapshot } from '#app/adapters/db/tenant.server.ts';
import { OfferResultSums } from '#app/domain/offers/results/sum-results.ts';
import type { RuleResult } from '#app/domain/offers/results/sum-results.ts';
import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';
import { computedApart } from '#app/services/retention/compute-apart.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** What offers gave and what came of them, rule by rule. */
export interface OfferResults {
  asOfMs: number;
  currency: string;
  counting: OrderCounting;
  grossMarginBasisPoints: number | null;
  /** Those that gave something, also when they are there no more. */
  rules: readonly RuleResult[];
  inOtherCurrency: number;
}

/** Null while the shop's currency is not known. */
export const getOfferResults = computedApart('offer-results', computeOfferResults);

async function computeOfferResults({ shop, pool, inShop, now }: ShopContext, _input: null): Promise<OfferResults | null> {
  const { currency, counting, grossMarginBasisPoints } = await inShop(async (db) => {
    const row = await db.shop.findUniqueOrThrow({ where: { shopId: shop.shopId } });
    const settings = await db.offerSettings.findUnique({ where: { shopId: shop.shopId } });
    return {
      currency: row.currency,
      counting: requireCounting(row.countingPreset, row.orderValue),
      grossMarginBasisPoints: settings?.grossMarginBasisPoints ?? null,
    };
  });
  if (currency === null) return null;
  const sums = new OfferResultSums({ currency, counting });
  const given = await withTenantSnapshot(pool, shop, async (connection) => {
    await readOfferUses(connection, (use) => sums.add(use));
    return loadOffersGiven(connection, shop, currency);
  });
  return { asOfMs: now().getTime(), currency, counting, grossMarginBasisPoints, ...sums.result(given, grossMarginBasisPoints) };
}
