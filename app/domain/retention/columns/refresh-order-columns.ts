import { dayOfInstantIn } from '../../time/day-of-instant.ts';
import { findOrders } from './find-orders.ts';
import { merge, planMerge } from './merge-plan.ts';
import type { MergePlan } from './merge-plan.ts';
import { narrowedTo16, narrowedTo32 } from './number-column.ts';
import { msOfSeconds } from './order-columns.ts';
import type { DictionaryColumn, OrderColumns, OrderDimension, OrderRow } from './order-columns.ts';
import { placeRows } from './place-rows.ts';
import type { PlacedRow } from './place-rows.ts';
import { refreshCustomers } from './refresh-customers.ts';
import type { RefreshedCustomers } from './refresh-customers.ts';
import { refreshDictionary } from './refresh-dictionary.ts';
import { requireOrderRow } from './require-order-row.ts';

export interface OrderChanges {
  /** Orders that are to go; those that the columns do not have are passed over. */
  readonly removedOrderIds: Iterable<number>;
  /** Orders as they are now, each once: one that the columns have is replaced, another is added. */
  readonly rows: readonly OrderRow[];
}

/**
 * New columns with the changes in them, equal to those that a builder would make of the changed orders. The old ones
 * stay as they are, for the reports that are reading them.
 *
 * What did not change is copied in blocks and neither sorted nor parsed again: a thousand changes among ten million
 * orders cost about as much as copying the memory. Both are held until the old ones are let go.
 *
 * @throws RangeError when a row is not what `OrderRow` says, comes twice, or an id is beyond 2^53: then nothing tells two
 *   orders apart, and the columns have to be built anew
 */
export function refreshOrderColumns(columns: OrderColumns, { removedOrderIds, rows }: OrderChanges): OrderColumns {
  const sought = new Set(removedOrderIds);
  const arriving = requireDistinct(rows);
  for (const id of arriving) sought.add(id);
  const dropped = findOrders(columns.orderIds, sought);
  const placed = placeRows(columns, rows);
  const plan = planMerge({
    oldLength: columns.orderCount,
    dropped,
    insertedBefore: placed.map(({ before }) => before),
  });
  const { changed, ...customers } = refreshCustomers(columns, dropped, placed);
  const instantSeconds = mergeUnsigned(plan, columns.instantSeconds, placed.map(({ seconds }) => seconds));
  const valuesMinor = mergeUnsigned(plan, columns.valuesMinor, placed.map(({ row }) => row.valueMinor));
  const dictionary = (dimension: OrderDimension): DictionaryColumn =>
    refreshDictionary(columns.dimensions[dimension], { plan, dropped, inserted: placed.map(({ row }) => row[dimension]) });
  return {
    timeZone: columns.timeZone,
    currency: columns.currency,
    counting: columns.counting,
    customerCount: customers.customerKeys.length,
    orderCount: plan.length,
    ...customers,
    instantSeconds,
    days: mergeDays({ columns, plan, placed, instantSeconds, customerOffsets: customers.customerOffsets, changed }),
    valuesMinor,
    orderIds: merge(plan, {
      from: columns.orderIds,
      inserted: placed.map(({ row }) => row.orderId),
      into: new Float64Array(plan.length),
    }),
    dimensions: {
      country: dictionary('country'),
      region: dictionary('region'),
      channel: dictionary('channel'),
      discountCode: dictionary('discountCode'),
      presentmentCurrency: dictionary('presentmentCurrency'),
    },
  };
}

function requireDistinct(rows: readonly OrderRow[]): ReadonlySet<number> {
  const ids = new Set<number>();
  for (const row of rows) {
    requireOrderRow(row);
    if (!Number.isSafeInteger(row.orderId)) throw new RangeError(`${row.orderId} may be the id of several orders`);
    if (ids.has(row.orderId)) throw new RangeError(`order ${row.orderId} comes twice`);
    ids.add(row.orderId);
  }
  return ids;
}

function mergeUnsigned(
  plan: MergePlan,
  from: Uint32Array | Float64Array,
  inserted: readonly number[],
): Uint32Array | Float64Array {
  if (from instanceof Uint32Array && inserted.every((value) => value >>> 0 === value)) {
    return merge(plan, { from, inserted, into: new Uint32Array(plan.length) });
  }
  return narrowedTo32(merge(plan, { from, inserted, into: new Float64Array(plan.length) }));
}

interface DaysToMerge extends Pick<RefreshedCustomers, 'customerOffsets' | 'changed'> {
  columns: OrderColumns;
  plan: MergePlan;
  placed: readonly PlacedRow[];
  /** Merged already. */
  instantSeconds: Uint32Array | Float64Array;
}

/** The days of changed customers are set again one after the other, since they must not fall (see the builder). */
function mergeDays({ columns, plan, placed, instantSeconds, customerOffsets, changed }: DaysToMerge): OrderColumns['days'] {
  const dayOf = dayOfInstantIn(columns.timeZone);
  const inserted = placed.map(({ row }) => dayOf(row.processedAtMs));
  const isNarrow = columns.days instanceof Uint16Array && inserted.every((day) => (day & 0xffff) === day);
  const into = isNarrow ? new Uint16Array(plan.length) : new Int32Array(plan.length);
  const days = merge<Uint16Array | Int32Array>(plan, { from: columns.days, inserted, into });
  for (const customer of changed) {
    const end = customerOffsets[customer + 1] ?? NaN;
    let latest = -Infinity;
    for (let i = customerOffsets[customer] ?? NaN; i < end; i += 1) {
      latest = Math.max(latest, dayOf(msOfSeconds(instantSeconds[i] ?? NaN)));
      days[i] = latest;
    }
  }
  return days instanceof Int32Array ? narrowedTo16(days) : days;
}
