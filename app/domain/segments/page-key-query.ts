import type { CustomerKey } from '../retention/columns/order-columns.ts';
import type { PageKey } from './page-of-customers.ts';

/** A place in a list as an address has it: `129900~7000000001`. */
export function pageKeyToQuery({ value, customer }: PageKey): string {
  return `${value}~${customer}`;
}

/** Null for anything else: then the list begins at its beginning. */
export function pageKeyFromQuery(text: string | null): PageKey | null {
  const found = /^(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)~(.{1,320})$/.exec(text ?? '');
  const value = Number(found?.[1]);
  const customer = customerKeyFromText(found?.[2] ?? '');
  return found === null || !Number.isFinite(value) ? null : { value, customer };
}

/** A number where one holds it, as the columns have it. */
export function customerKeyFromText(text: string): CustomerKey {
  const number = Number(text);
  return /^-?\d+$/.test(text) && Number.isSafeInteger(number) ? number : text;
}
