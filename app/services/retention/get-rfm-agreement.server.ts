import { readShopifyGroups } from '#app/adapters/db/shopify-groups-source.server.ts';
import { withTenantSnapshot } from '#app/adapters/db/tenant.server.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import { RfmAgreementTally } from '#app/domain/retention/metrics/rfm-agreement.ts';
import type { RfmAgreement } from '#app/domain/retention/metrics/rfm-agreement.ts';
import { chooseAsOfDay } from '#app/domain/retention/report/choose-as-of-day.ts';
import { formatDay, parseDay } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import type { ShopColumns } from '#app/services/retention/bring-shop-columns.server.ts';
import { computedApart } from '#app/services/retention/compute-apart.server.ts';
import { customerRowsOf } from '#app/services/retention/customer-scope.server.ts';
import { loadShopColumns } from '#app/services/retention/shop-columns.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface RfmAgreementOfShop {
  /** `YYYY-MM-DD` in shop time. */
  asOf: string;
  agreement: RfmAgreement;
}

export interface RfmAgreementQuestion {
  asOf: string | null;
}

/**
 * How often our groups are Shopify's. Those are of now, so of another day than the one that reports are of by themselves
 * there is nothing to compare: null, as while currency and time zone are not known.
 */
export const getRfmAgreement = computedApart('rfm-agreement', computeAgreement);

async function computeAgreement(context: ShopContext, { asOf }: RfmAgreementQuestion): Promise<RfmAgreementOfShop | null> {
  const loaded = await loadShopColumns(context);
  if (loaded === null) return null;
  const { columns, lastOrderDay } = loaded.orders;
  const today = dayOfInstant(context.now().getTime(), columns.timeZone);
  const ownDay = chooseAsOfDay({ today, lastOrderDay, askedDay: null });
  if (asOf !== null && parseDay(asOf) !== ownDay) return null;
  return { asOf: formatDay(ownDay), agreement: await agreementOf(context, loaded.orders, ownDay) };
}

/** A page asks again and again; what is kept goes with the columns. */
const kept = new WeakMap<ShopColumns, { day: number; agreement: RfmAgreement }>();

async function agreementOf({ pool, shop }: ShopContext, orders: ShopColumns, day: number): Promise<RfmAgreement> {
  const known = kept.get(orders);
  if (known?.day === day) return known.agreement;
  const { columns } = orders;
  const tally = new RfmAgreementTally(columns, customerRowsOf(columns, asOfDayIn(columns.timeZone, day)));
  await withTenantSnapshot(pool, shop, (connection) => readShopifyGroups(connection, (id, group) => tally.take(id, group)));
  const agreement = tally.result();
  kept.set(orders, { day, agreement });
  return agreement;
}
