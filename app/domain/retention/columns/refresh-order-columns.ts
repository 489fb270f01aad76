import { dayOfInstantIn } from '../../time/day-of-instant.ts';
import { extremesAfter, holdsExtreme } from './column-extremes.ts';
import { NEW_ROOM, noteShared, SAME_ROOM } from './column-room.ts';
import type { ColumnRoom } from './column-room.ts';
import { numberColumnsOf } from './order-columns.ts';
import type { DictionaryColumn, OrderColumns, OrderDimension } from './order-columns.ts';
import { placeChanges } from './place-changes.ts';
import type { OrderChanges, PlacedChanges } from './place-changes.ts';
import { refreshCustomers } from './refresh-customers.ts';
import { refreshDays } from './refresh-days.ts';
import { refreshDictionary } from './refresh-dictionary.ts';
import { mergeChanges, refreshNumbers } from './refresh-numbers.ts';

/**
 * New columns with the changes in them, equal to those that a builder would make of the changed orders. The old ones
 * stay as they are, for the reports that are reading them; a column of which nothing changes is in both.
 *
 * What did not change is copied in blocks and neither sorted nor parsed again: a thousand changes among ten million
 * orders cost about as much as copying the memory. Both are held until the old ones are let go.
 *
 * Columns that are given up become the new ones where they stand, for half the time and no memory: what comes before the
 * first change is not touched, the rest moves within its arrays. Nobody may read the old ones afterwards; they are empty.
 * Arrays that they share with others which stay are copied all the same.
 * Segments that old and new columns would share do not help: changes are strewn over all customers, so that a thousand of
 * them among a million orders touch every segment of more than a few hundred orders.
 *
 * @throws RangeError when a row is not what `OrderRow` says, comes twice, or an id is beyond 2^53: then nothing tells two
 *   orders apart, and the columns have to be built anew
 */
export function refreshOrderColumns(
  columns: OrderColumns,
  orderChanges: OrderChanges,
  { isGivenUp = false }: { isGivenUp?: boolean } = {},
): OrderColumns {
  const room = isGivenUp ? SAME_ROOM : NEW_ROOM;
  const changes = placeChanges(columns, orderChanges);
  const { shrunk, ...customers } = refreshCustomers(columns, changes, room);
  const dropsExtreme = holdsExtreme(columns, changes.dropped);
  const instantSeconds = refreshNumbers(columns.instantSeconds, changes, { room, valueOf: ({ seconds }) => seconds });
  const refreshed = { ...customers, instantSeconds, shrunk };
  const days = refreshDays(columns, changes, { refreshed, dayOf: dayOfInstantIn(columns.timeZone), room });
  const orderIds = refreshOrderIds(columns, changes, room);
  const dictionary = (dimension: OrderDimension): DictionaryColumn =>
    refreshDictionary(columns.dimensions[dimension], changes, { room, textOf: ({ row }) => row[dimension] });
  const after: OrderColumns = {
    timeZone: columns.timeZone,
    currency: columns.currency,
    counting: columns.counting,
    customerCount: customers.customerKeys.length,
    orderCount: changes.plan.length,
    extremes: extremesAfter(columns, { orderIds, days }, { dropsExtreme, inserted: changes.plan.insertedAt }),
    ...customers,
    instantSeconds,
    days,
    valuesMinor: refreshNumbers(columns.valuesMinor, changes, { room, valueOf: ({ row }) => row.valueMinor }),
    orderIds,
    dimensions: {
      country: dictionary('country'),
      region: dictionary('region'),
      channel: dictionary('channel'),
      discountCode: dictionary('discountCode'),
      presentmentCurrency: dictionary('presentmentCurrency'),
    },
  };
  if (!isGivenUp) noteShared(numberColumnsOf(columns), numberColumnsOf(after));
  return after;
}

function refreshOrderIds({ orderIds: from }: OrderColumns, changes: PlacedChanges, room: ColumnRoom): Float64Array {
  if (changes.isInPlace) return from;
  const idsOf = (placed: PlacedChanges['inserted']): number[] => placed.map(({ row }) => row.orderId);
  const [inserted, replaced] = [idsOf(changes.inserted), idsOf(changes.replaced)];
  return mergeChanges(changes, { from, inserted, replaced, kind: Float64Array, room });
}
