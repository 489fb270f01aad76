import { tellPage } from './frame-messages.ts';
import type { HostCart } from './host-data.ts';

type Result = { type: 'success' } | { type: 'error'; message: string };

/** `applyDiscountCodeChange`: the local Shopify decides; the page around is told, and the signals get the new cart. */
export async function changeDiscountCodes(
  address: string,
  change: unknown,
  take: (cart: HostCart) => void,
): Promise<Result> {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(change),
  });
  // Our own server's answer, so its form is trusted.
  const { result, cart }: { result: Result; cart: HostCart } = await response.json();
  take(cart);
  tellPage({ kind: 'cart-changed' });
  return result;
}
