import { sameMoney, type SimCustomer, type SimOrder, type SimStore } from '#test/simulator/state.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';

/** What leads to one customer, each text to be found nowhere once the customer is forgotten. */
export interface CustomerCanaries {
  customerId: number;
  email: string;
  phone: string;
  locale: string;
  name: string;
  province: string;
  discountCode: string;
  /** Of a line that the merchant typed in for this buyer. */
  typedTitle: string;
  typedSku: string;
}

/** Everything that is said above but the id, which stands in sealed and derived forms that a search cannot tell from others. */
export function textsOf({ customerId: _, ...texts }: CustomerCanaries): string[] {
  return Object.values(texts);
}

export function canariesOf(customerId: number): CustomerCanaries {
  const mark = `kanarie${customerId}`;
  return {
    customerId,
    email: `${mark}@example.com`,
    phone: `+49 30 ${7_000_000 + customerId}`,
    locale: `x-${mark}-locale`,
    name: `#${mark}-name`,
    province: `${mark.toUpperCase()}-PROVINCE`,
    discountCode: `${mark.toUpperCase()}-CODE`,
    typedTitle: `Engraving for ${mark}-title`,
    typedSku: `${mark}-sku`,
  };
}

/** A store whose every customer can be recognized by everything that we take over of them. */
export function storeOfCanaries(orderCount: number, options: Parameters<typeof syntheticStore>[1] = {}): SimStore {
  const store = syntheticStore(orderCount, options);
  return { ...store, customers: store.customers.map(withCanaries), orders: store.orders.map(orderWithCanaries) };
}

function withCanaries(customer: SimCustomer): SimCustomer {
  const { email, phone, locale } = canariesOf(customer.id);
  return { ...customer, email, phone, locale };
}

function orderWithCanaries(order: SimOrder): SimOrder {
  if (order.customerId === null) return order;
  const canaries = canariesOf(order.customerId);
  const place = { countryCode: 'CA', provinceCode: canaries.province, city: null, zip: null };
  const [first, ...others] = order.lines;
  const typedIn = first && { ...first, productId: null, variantId: null, title: canaries.typedTitle, sku: canaries.typedSku };
  return {
    ...order,
    name: canaries.name,
    email: canaries.email,
    locale: canaries.locale,
    shippingAddress: place,
    billingAddress: place,
    discounts: [{ code: canaries.discountCode, discountId: null, amount: sameMoney(0, 'EUR') }],
    lines: typedIn ? [typedIn, ...others] : [],
  };
}
