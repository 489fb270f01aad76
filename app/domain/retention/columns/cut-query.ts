import { ORDER_DIMENSIONS } from './order-columns.ts';
import type { OrderDimension } from './order-columns.ts';
import type { DimensionCut } from './selection.ts';

/** By a product that the first order contains: its key, written out. Empty for the one that most customers begin with. */
export interface FirstProductCut {
  dimension: typeof FIRST_PRODUCT;
  value: string;
}

export const FIRST_PRODUCT = 'firstProduct';

/** By the tier of the loyalty program that a customer is in now: its id. Null for no member, empty for the lowest. */
export interface TierCut {
  dimension: typeof TIER;
  value: string | null;
}

export const TIER = 'tier';

export type CutDimension = OrderDimension | typeof FIRST_PRODUCT | typeof TIER;

/** Which part of a shop's customers a page speaks of. */
export type Cut = DimensionCut | FirstProductCut | TierCut;

/** "Not known" in an address. */
const UNKNOWN = '~';
/** Before a value that begins with a tilde of its own. */
const ESCAPED = '~~';

/** `country:GB`, as the pages' addresses carry a cut; `country:~` are the orders of which it is not known. */
export function cutToQuery({ dimension, value }: Cut): string {
  return `${dimension}:${value === null ? UNKNOWN : value.startsWith(UNKNOWN) ? `~${value}` : value}`;
}

/** Null when the text is no cut. */
export function cutFromQuery(text: string | null): Cut | null {
  const colon = text?.indexOf(':') ?? -1;
  if (text === null || colon === -1) return null;
  const name = text.slice(0, colon);
  const written = text.slice(colon + 1);
  const value = written.startsWith(ESCAPED) ? written.slice(1) : written;
  if (name === FIRST_PRODUCT) return { dimension: FIRST_PRODUCT, value };
  const known = written === UNKNOWN ? null : value;
  if (name === TIER) return { dimension: TIER, value: known };
  const dimension = ORDER_DIMENSIONS.find((word) => word === name);
  return dimension === undefined || written === '' ? null : { dimension, value: known };
}
