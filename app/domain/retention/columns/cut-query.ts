import { ORDER_DIMENSIONS } from './order-columns.ts';
import type { DimensionCut } from './selection.ts';

/** "Not known" in an address. */
const UNKNOWN = '~';
/** Before a value that begins with a tilde of its own. */
const ESCAPED = '~~';

/** `country:GB`, as the pages' addresses carry a cut; `country:~` are the orders of which it is not known. */
export function cutToQuery({ dimension, value }: DimensionCut): string {
  return `${dimension}:${value === null ? UNKNOWN : value.startsWith(UNKNOWN) ? `~${value}` : value}`;
}

/** Null when the text is no cut. */
export function cutFromQuery(text: string | null): DimensionCut | null {
  const colon = text?.indexOf(':') ?? -1;
  if (text === null || colon === -1) return null;
  const dimension = ORDER_DIMENSIONS.find((known) => known === text.slice(0, colon));
  const value = text.slice(colon + 1);
  if (dimension === undefined || value === '') return null;
  if (value === UNKNOWN) return { dimension, value: null };
  return { dimension, value: value.startsWith(ESCAPED) ? value.slice(1) : value };
}
