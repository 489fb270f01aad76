import { countProspects } from '#app/adapters/db/count-prospects.server.ts';
import { loadLineColumns } from '#app/adapters/db/line-columns-source.server.ts';
import { loadOrderColumns } from '#app/adapters/db/order-columns-source.server.ts';
import { requireCounting } from '#app/adapters/db/shop-state.server.ts';
import { readShopifyGroups } from '#app/adapters/db/shopify-groups-source.server.ts';
import { findShop } from '#app/adapters/db/shop-registry.server.ts';
import { inShopOf, withTenantSnapshot } from '#app/adapters/db/tenant.server.ts';
import { pool, prisma } from '#app/db.server.ts';
import { chooseAsOfDay } from '#app/domain/retention/report/choose-as-of-day.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import { systemRuntime } from '#app/runtime.server.ts';
import { noteAccess } from '#app/services/privacy/note-access.server.ts';
import type { ReportOptions } from './report-options.ts';
import { ReportUsageError } from './report-options.ts';
import { countOf, lastOrderDayOf } from './report-source.ts';
import type { ReportSource } from './report-source.ts';

/**
 * All that is known of an installed shop, read as the app's own role. Where a table of its customers is asked for, the
 * merchant sees that an operator took one.
 *
 * @throws ReportUsageError when there is no such shop
 */
export async function loadShopOrders(domain: string, options: ReportOptions): Promise<ReportSource> {
  try {
    const shop = await findShop(prisma, domain);
    if (shop === null) throw new ReportUsageError(`No shop ${domain} is known. Give its domain, example.myshopify.com.`);
    const inShop = inShopOf(prisma, shop);
    const facts = await inShop((db) => db.shop.findUniqueOrThrow({ where: { shopId: shop.shopId } }));
    const timeZone = options.timeZone ?? facts.ianaTimeZone;
    if (timeZone === null || facts.currency === null) {
      throw new ReportUsageError(`Nothing is known of ${domain} yet: its first import has not come.`);
    }
    if (options.currency !== null && options.currency !== facts.currency) {
      throw new ReportUsageError(`${domain} is in ${facts.currency}: the values of its orders are in no other currency.`);
    }
    const chosen = requireCounting(facts.countingPreset, facts.orderValue);
    const counting = { preset: options.preset ?? chosen.preset, value: options.value ?? chosen.value };
    const { columns, excluded, inOtherCurrency } = await loadOrderColumns({ pool, shop }, { timeZone, currency: facts.currency, counting });
    const lines = await loadLineColumns({ pool, shop }, columns);
    if (options.customersPath !== null) {
      const access = { actor: 'operator', action: 'file-customers', records: columns.customerCount } as const;
      await inShop((db) => noteAccess({ ...systemRuntime, shop }, db, access));
    }
    const today = dayOfInstant(systemRuntime.now().getTime(), timeZone);
    const shopifyGroups: { customerId: number; group: string }[] = [];
    await withTenantSnapshot(pool, shop, (connection) =>
      readShopifyGroups(connection, (customerId, group) => shopifyGroups.push({ customerId, group })),
    );
    return {
      columns,
      lines,
      excluded,
      prospects: await inShop((db) => countProspects(db, shop)),
      asOfDay: chooseAsOfDay({ today, lastOrderDay: lastOrderDayOf(columns), askedDay: null }),
      inputs: { inOtherCurrency },
      shopifyGroups,
      notes: inOtherCurrency > 0 ? [`${countOf(inOtherCurrency, 'order')} not in ${facts.currency} left out: no rate is known.`] : [],
    };
  } finally {
    await prisma.$disconnect();
    await pool.end();
  }
}
