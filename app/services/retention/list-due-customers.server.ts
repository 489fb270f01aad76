import type { Cut } from '#app/domain/retention/columns/cut-query.ts';
import { numberAt } from '#app/domain/retention/columns/number-column.ts';
import { customerKeyAt } from '#app/domain/retention/columns/order-columns.ts';
import type { CustomerKey } from '#app/domain/retention/columns/order-columns.ts';
import { computeRhythms, listCustomersDue } from '#app/domain/retention/products/replenishment.ts';
import type { LastPurchases } from '#app/domain/retention/products/replenishment.ts';
import { productAt } from '#app/domain/retention/products/line-columns.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { noteAccess } from '#app/services/privacy/note-access.server.ts';
import { computedApart } from '#app/services/retention/compute-apart.server.ts';
import { loadProductScope } from '#app/services/retention/get-product-report.server.ts';
import { PRODUCTS_APART_FROM_ORDERS } from '#app/services/retention/get-products.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface DueCustomer {
  customerKey: CustomerKey;
  /** `YYYY-MM-DD`. */
  lastPurchase: string;
  daysSince: number;
  isLate: boolean;
}

export interface DueCustomersOfProduct {
  asOf: string;
  title: string;
  /** Late first, in both those who waited longest first. */
  customers: DueCustomer[];
}

export interface DueCustomersQuestion {
  asOf: string | null;
  cut: Cut | null;
  /** The product's key, written out. */
  product: string;
}

/** Who is due for a product, or late; null where the shop has no such product, or too few bought it again. */
export const listDueCustomers = computedApart('due-customers', findDueCustomers, { fromOrders: PRODUCTS_APART_FROM_ORDERS });

/** The same as a file for `actor`, who is noted in the log of who opened personal data. */
export async function exportDueCustomers(context: ShopContext, { actor, ...question }: DueCustomersQuestion & { actor: string }): Promise<DueCustomersOfProduct | null> {
  const found = await listDueCustomers(context, question);
  if (found !== null) await context.inShop((db) => noteAccess(context, db, { actor, action: 'file-due-customers', records: found.customers.length }));
  return found;
}

async function findDueCustomers(context: ShopContext, { product, ...question }: DueCustomersQuestion): Promise<DueCustomersOfProduct | null> {
  const loaded = await loadProductScope(context, question);
  if (!loaded.ok) return null;
  const { scope, asOf } = loaded.value;
  const { columns, lines } = scope;
  const code = lines.dictionary.findIndex(({ id }) => String(id) === product);
  const rhythm = code === -1 ? undefined : computeRhythms(scope).get(code);
  if (rhythm === undefined) return null;
  const { due, late } = listCustomersDue(scope, code, rhythm);
  const rowsOf = ({ customers, lastDays }: LastPurchases, isLate: boolean): DueCustomer[] =>
    Array.from(customers, (customer, place) => {
      const lastDay = numberAt(lastDays, place);
      return { customerKey: customerKeyAt(columns, customer), lastPurchase: formatDay(lastDay), daysSince: scope.asOf.day - lastDay, isLate };
    }).sort((a, b) => b.daysSince - a.daysSince);
  return { asOf, title: productAt(lines, code).title, customers: [...rowsOf(late, true), ...rowsOf(due, false)] };
}
