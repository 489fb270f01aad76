import { REPLENISHMENT_URGENCIES } from '../retention/products/replenishment-urgency.ts';
import type { ReplenishmentUrgency } from '../retention/products/replenishment-urgency.ts';

/** A value of the condition on replenishment: `late` is for any product, `late:8001` for the one with that key. */
export interface UrgencyChoice {
  readonly urgency: ReplenishmentUrgency;
  /** The product's key, written out; null for any. */
  readonly product: string | null;
}

export function writeUrgencyChoice({ urgency, product }: UrgencyChoice): string {
  return product === null ? urgency : `${urgency}:${product}`;
}

/** Null for what is neither due nor late. */
export function readUrgencyChoice(value: string | null): UrgencyChoice | null {
  const [name, ...rest] = (value ?? '').split(':');
  const urgency = REPLENISHMENT_URGENCIES.find((known) => known === name);
  if (urgency === undefined) return null;
  return { urgency, product: rest.length === 0 ? null : rest.join(':') };
}
