import type { OrderRow } from '#app/domain/retention/columns/order-columns.ts';
import { anOrder } from '../order-rows.ts';
import { AS_OF_DAY } from './simulate-store.ts';

/** Every customer comes each 10, 20 ... 60 days to the day, from their first; every third stopped long before the split. */
export function clockworkOrders(): OrderRow[] {
  const rows: OrderRow[] = [];
  for (let customer = 1; customer <= 600; customer += 1) {
    const gap = 10 * (1 + (customer % 6));
    const last = customer % 3 === 0 ? AS_OF_DAY - 500 : AS_OF_DAY;
    for (let day = AS_OF_DAY - 720 + (customer % 60); day <= last; day += gap) {
      rows.push(anOrder({ at: new Date(day * 86_400_000).toISOString(), customerKey: customer }));
    }
  }
  return rows;
}
