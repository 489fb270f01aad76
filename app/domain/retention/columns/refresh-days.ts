import type { DayOfInstant } from '../../time/day-of-instant.ts';
import { mergeColumn } from './column-room.ts';
import type { ColumnKind, ColumnRoom } from './column-room.ts';
import { customerOfOrder } from './find-first.ts';
import { narrowedTo16 } from './number-column.ts';
import { msOfSeconds } from './order-columns.ts';
import type { OrderColumns } from './order-columns.ts';
import type { PlacedChanges } from './place-changes.ts';
import type { RefreshedCustomers } from './refresh-customers.ts';

interface RefreshedBefore extends Pick<RefreshedCustomers, 'customerOffsets' | 'shrunk'> {
  instantSeconds: OrderColumns['instantSeconds'];
}

/**
 * The days of the orders after the changes. A customer's days must not fall (see the builder), so an order that came may
 * hold later ones up to its own day, and one that went may let them go.
 *
 * @param refreshed columns that are refreshed already
 */
export function refreshDays(
  { days: from }: OrderColumns,
  { plan, isInPlace, inserted }: PlacedChanges,
  { refreshed, dayOf, room }: { refreshed: RefreshedBefore; dayOf: DayOfInstant; room: ColumnRoom },
): OrderColumns['days'] {
  if (isInPlace) return from;
  const arriving = inserted.map(({ row }) => dayOf(row.processedAtMs));
  const isNarrow = from instanceof Uint16Array && arriving.every((day) => (day & 0xffff) === day);
  const kind: ColumnKind<Uint16Array | Int32Array> = isNarrow ? Uint16Array : Int32Array;
  const days = mergeColumn(plan, { kind, from, inserted: arriving, room });
  deriveShrunk(days, refreshed, dayOf);
  const { customerOffsets } = refreshed;
  for (const place of plan.insertedAt) {
    const customer = customerOfOrder(customerOffsets, place);
    const [start, end] = [customerOffsets[customer] ?? NaN, customerOffsets[customer + 1]];
    if (end !== undefined) holdUp(days, { start, place, end });
  }
  return days instanceof Int32Array ? narrowedTo16(days) : days;
}

/** All days of a customer who lost an order, one after the other. */
function deriveShrunk(
  days: Uint16Array | Int32Array,
  { customerOffsets, instantSeconds, shrunk }: RefreshedBefore,
  dayOf: DayOfInstant,
): void {
  for (const customer of shrunk) {
    const end = customerOffsets[customer + 1] ?? NaN;
    let latest = -Infinity;
    for (let i = customerOffsets[customer] ?? NaN; i < end; i += 1) {
      latest = Math.max(latest, dayOf(msOfSeconds(instantSeconds[i] ?? NaN)));
      days[i] = latest;
    }
  }
}

/** From an order that came on, as far as a day is earlier than the one before it. */
function holdUp(days: Uint16Array | Int32Array, { start, place, end }: { start: number; place: number; end: number }): void {
  for (let i = place; i < end; i += 1) {
    const before = i === start ? -Infinity : (days[i - 1] ?? NaN);
    const day = days[i] ?? NaN;
    if (day < before) days[i] = before;
    else if (i > place) return;
  }
}
