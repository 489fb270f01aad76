import type { SimShopState } from '../simulator.ts';

/**
 * What the merchant took out of the checkout editor, per store and until the local Shopify stops. Every block counts as
 * placed at first, so that a demo shows it without a visit to the editor; a real store starts with none placed.
 */
const removed = new WeakMap<SimShopState, Set<string>>();

export function isPlaced(shop: SimShopState, extensionHandle: string, target: string): boolean {
  return !removed.get(shop)?.has(keyOf(extensionHandle, target));
}

export function setPlaced(shop: SimShopState, extensionHandle: string, target: string, placed: boolean): void {
  const taken = removed.get(shop) ?? new Set<string>();
  removed.set(shop, taken);
  if (placed) taken.delete(keyOf(extensionHandle, target));
  else taken.add(keyOf(extensionHandle, target));
}

function keyOf(extensionHandle: string, target: string): string {
  return `${extensionHandle} ${target}`;
}
