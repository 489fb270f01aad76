import { customerOfRow } from '../retention/metrics/customer-rows.ts';
import { customersOfUrgency, URGENCY_BITS } from '../retention/products/replenishment-urgency.ts';
import type { Urgencies } from '../retention/products/replenishment-urgency.ts';
import type { SegmentScope } from './segment-scope.ts';
import { readUrgencyChoice } from './urgency-choice.ts';
import type { UrgencyChoice } from './urgency-choice.ts';

/**
 * Marks the customers who are due or late, for any product or for those that are named. False where none of what is asked
 * can be told: no product has a rhythm, or none of those that are named.
 */
export function markUrgencies(scope: SegmentScope, anyOf: readonly (string | null)[], meets: Uint8Array): boolean {
  const { columns, rows, urgencies } = scope;
  const choices = anyOf.flatMap((value) => readUrgencyChoice(value) ?? []);
  if (urgencies === null) return false;
  const isAsked = new Uint8Array(columns.customerCount);
  const known = choices.map((choice) => markChoice(scope, urgencies, choice, isAsked));
  if (choices.length > 0 && !known.includes(true)) return false;
  for (let i = 0; i < meets.length; i += 1) meets[i] = isAsked[customerOfRow(rows, i)] ?? NaN;
  return true;
}

function markChoice({ columns, asOf, lines }: SegmentScope, { ofCustomers, rhythms }: Urgencies, { urgency, product }: UrgencyChoice, isAsked: Uint8Array): boolean {
  if (product === null) {
    const bit = URGENCY_BITS[urgency];
    for (let i = 0; i < isAsked.length; i += 1) isAsked[i] = (isAsked[i] ?? NaN) | ((ofCustomers[i] ?? NaN) & bit ? 1 : 0);
    return true;
  }
  const customers = lines === null ? null : customersOfUrgency({ columns, lines, asOf, rhythms }, { urgency, product });
  for (const customer of customers ?? []) isAsked[customer] = 1;
  return customers !== null;
}
