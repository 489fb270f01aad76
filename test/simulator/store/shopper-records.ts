import type { SimCustomer, SimOrder } from '../state.ts';
import { drawPerson, type Person } from './people.ts';
import type { Place } from './regions.ts';
import type { SeededRandom } from './seeded-random.ts';
import { DAY_MS } from './seasonality.ts';
import type { ShopperPlan } from './shopper-plan.ts';

export interface Shopper {
  plan: ShopperPlan;
  person: Person;
  place: Place;
  locale: string;
  /** Null for guests. */
  customer: SimCustomer | null;
  /** Null where a till asked for no address. */
  email: string | null;
}

const STATES = [
  { state: 'DISABLED', weight: 70 },
  { state: 'ENABLED', weight: 22 },
  { state: 'INVITED', weight: 6 },
  { state: 'DECLINED', weight: 2 },
] as const;

const MARKETING = [
  { marketingState: 'SUBSCRIBED', weight: 46 },
  { marketingState: 'NOT_SUBSCRIBED', weight: 44 },
  { marketingState: 'UNSUBSCRIBED', weight: 7 },
  { marketingState: 'PENDING', weight: 3 },
] as const;

export function drawShopper(
  random: SeededRandom,
  plan: ShopperPlan,
  index: number,
  nextCustomerId: () => number,
): Shopper {
  const person = drawPerson(random, plan.region.names, index);
  const place = random.weighted(plan.region.places);
  const { locale } = random.weighted(plan.region.locales);
  const { weight: _, taxRateBasisPoints: __, ...address } = place;
  const firstMs = plan.purchasesAtMs[0] ?? 0;
  // Nobody owns the numbers of 555-0100 to 555-0199, which are kept for fiction.
  const phone =
    plan.region.countryCode === 'US' && random.chance(0.3)
      ? `+1202555${String(random.between(100, 199)).padStart(4, '0')}`
      : null;
  const createdMs = random.chance(0.12)
    ? firstMs - random.between(1, 40) * DAY_MS
    : firstMs - random.between(60, 900) * 1_000;
  const createdAt = new Date(createdMs).toISOString();
  const customer: SimCustomer = {
    id: 0,
    ...person,
    phone,
    locale,
    state: random.weighted(STATES).state,
    createdAt,
    updatedAt: createdAt,
    tags: plan.cohort === 'launch' && random.chance(0.1) ? ['launch-list'] : [],
    marketingState: random.weighted(MARKETING).marketingState,
    defaultAddress: address,
    mergedIntoId: null,
    deletedAt: null,
  };
  if (plan.isGuest)
    return { plan, person, place, locale, customer: null, email: random.chance(0.7) ? person.email : null };
  return { plan, person, place, locale, customer: { ...customer, id: nextCustomerId() }, email: person.email };
}

/**
 * Two records of one person that the merchant merged: the later orders had come in under a second address, and now
 * belong to the first record.
 */
export function mergeSecondRecord(
  shopper: Shopper,
  orders: readonly SimOrder[],
  nextCustomerId: () => number,
  mergedAt: string,
): SimCustomer | null {
  const { customer } = shopper;
  const firstLater = orders[1];
  if (customer === null || firstLater === undefined) return null;
  const email = shopper.person.email.replace('@', '+work@');
  for (const order of orders.slice(1)) order.email = email;
  customer.updatedAt = mergedAt;
  return {
    ...customer,
    id: nextCustomerId(),
    email,
    phone: null,
    createdAt: firstLater.createdAt,
    updatedAt: mergedAt,
    mergedIntoId: customer.id,
  };
}
