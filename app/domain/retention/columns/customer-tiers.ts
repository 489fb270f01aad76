import { lowerBound } from './customer-keys.ts';
import type { CutValue } from './cut-values.ts';
import type { CustomerKey, OrderColumns } from './order-columns.ts';
import { everyone } from './selection.ts';
import type { Selection } from './selection.ts';

export interface TierName {
  readonly id: string;
  readonly name: string;
}

/** Which tier each customer is in, at the moment at which it was read. */
export interface CustomerTiers {
  /** From the lowest. */
  readonly levels: readonly TierName[];
  /** By customer: 0 for who is no member, else the place of their level, from 1 on. */
  readonly codes: Uint8Array;
}

const LOWEST = 1;

export interface TierOfCustomer {
  readonly customer: CustomerKey;
  /** Null where they were given none. */
  readonly tierId: string | null;
}

/**
 * Members who have not ordered are left out: reports are about customers. Who was given no tier, or one that there is no
 * more, is in the lowest, as `tierAt` has it.
 */
export function placeTiers(
  { customerKeys, customerCount }: OrderColumns,
  levels: readonly TierName[],
  members: Iterable<TierOfCustomer>,
): CustomerTiers {
  const codeOf = new Map<string | null, number>(levels.map(({ id }, place) => [id, place + 1]));
  const codes = new Uint8Array(customerCount);
  for (const { customer, tierId } of members) {
    const at = lowerBound(customerKeys, customer);
    if (customerKeys[at] === customer) codes[at] = codeOf.get(tierId) ?? LOWEST;
  }
  return { levels, codes };
}

/**
 * The customers who are in a tier, with all their orders; guests are with those who are no members. Unlike the parts of
 * other cuts these are not known at the first order: who is in a high tier has ordered much, which is how one gets there.
 *
 * @param tierId null for who is no member
 */
export function selectByTier(columns: OrderColumns, { levels, codes }: CustomerTiers, tierId: string | null): Selection {
  const code = tierId === null ? 0 : levels.findIndex(({ id }) => id === tierId) + 1;
  if (code === 0 && tierId !== null) return { customers: new Uint32Array(0), guestOrders: new Uint32Array(0) };
  const customers = new Uint32Array(columns.customerCount);
  let found = 0;
  for (let customer = 0; customer < columns.customerCount; customer += 1) {
    customers[found] = customer;
    if (codes[customer] === code) found += 1;
  }
  return { customers: customers.slice(0, found), guestOrders: code === 0 ? everyone(columns).guestOrders : new Uint32Array(0) };
}

/** What there is to choose: every tier from the lowest on, however few are in it, then those who are no members. */
export function countTierValues({ levels, codes }: CustomerTiers): CutValue[] {
  const counts = new Array<number>(levels.length + 1).fill(0);
  for (const code of codes) counts[code] = (counts[code] ?? NaN) + 1;
  const tiers = levels.map(({ id, name }, place) => ({ value: id, name, customers: counts[place + 1] ?? NaN }));
  return [...tiers, { value: null, customers: counts[0] ?? NaN }];
}
