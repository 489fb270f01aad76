import { randomUUID } from 'node:crypto';

import { signSessionToken } from '#test/simulator/session-token.ts';
import { sendOpenLoop } from '#test/support/open-loop.ts';
import type { OpenLoopShot, PlannedRequest } from '#test/support/open-loop.ts';
import type { PerennialUnderTest } from '#test/support/perennial-under-test.ts';
import { webUrlOf } from '#test/support/running-processes.ts';

export const PER_SECOND = 50;
/** Members who were seen before. */
export const MEMBERS = 2_000;
/** Members who have a past and were never seen: each of them has one first look. */
export const UNSEEN = 1_000;
export const FIRST_ORDER = 9_000_000_001;
/** Enough for turns that are taken again. */
export const ORDERS_ASKED_ABOUT = 4_000;

/**
 * `first-look`: as `loyalty`, of who was never seen, of which something is to be noted. `offer`: what the thank-you page asks
 * first of an order, by which it is decided what the buyer gets and put on record.
 */
export type Kind = 'livez' | 'loyalty' | 'first-look' | 'order' | 'offer';
/** Those of which each is asked once, whatever turn it is of. */
export const ASKED_ONCE = ['first-look', 'offer'] as const satisfies readonly Kind[];

const LOYALTY = '/api/shopper/loyalty';
const PATHS: Readonly<Record<Kind, string>> = { livez: '/livez', loyalty: LOYALTY, 'first-look': LOYALTY, order: '/api/shopper/order', offer: '/api/checkout/next-order-offer' };

export const NAMES: Readonly<Record<Kind, string>> = { ...PATHS, loyalty: `${LOYALTY}, seen before`, 'first-look': `${LOYALTY}, never seen` };

interface Shop {
  readonly perennial: PerennialUnderTest;
  readonly domain: string;
}

/** Sends as many in open loop, each of another member than the one before, who are far apart in the tables. */
export function ask(shop: Shop, kind: Kind, { seconds, from }: { seconds: number; from: number }): Promise<OpenLoopShot[]> {
  const requests = Array.from({ length: PER_SECOND * seconds }, (_, index) => planned(shop, kind, { index, number: from + index }));
  // The sender is a process, which takes a moment to begin.
  return sendOpenLoop({ url: webUrlOf(shop.perennial), startAtMs: Date.now() + 1_000, timeoutMs: 10_000, requests });
}

function planned(shop: Shop, kind: Kind, { index, number }: { index: number; number: number }): PlannedRequest {
  const orderId = FIRST_ORDER + ((number * 613) % ORDERS_ASKED_ABOUT);
  const member = (number * 7919) % MEMBERS;
  const points = '?currency=EUR&locale=de';
  const ofOrder = `?orderId=${orderId}&locale=de`;
  const queries: Record<Kind, string> = { livez: '', loyalty: points, 'first-look': points, order: ofOrder, offer: ofOrder };
  const customerIds: Record<Kind, number> = {
    livez: 0,
    loyalty: 1 + member,
    'first-look': unseenCustomer(number),
    // As fillOrders gives them to their buyers.
    order: 1 + ((orderId * 7919) % MEMBERS),
    offer: 1 + ((orderId * 7919) % MEMBERS),
  };
  return {
    offsetMs: (index * 1_000) / PER_SECOND,
    method: 'GET',
    path: PATHS[kind] + queries[kind],
    headers: {
      ...(kind === 'livez' ? {} : { Authorization: `Bearer ${tokenOf(customerIds[kind], shop)}` }),
      // Shoppers are at home, each in their own.
      'X-Forwarded-For': `198.51.${Math.floor(member / 256)}.${member % 256}`,
    },
    body: '',
  };
}

/** Every other one a member who was never seen, as long as there are such; the others are no members yet. */
function unseenCustomer(number: number): number {
  const half = Math.floor(number / 2);
  return number % 2 === 0 && half < UNSEEN ? MEMBERS + 1 + half : MEMBERS + UNSEEN + 1 + number;
}

function tokenOf(customerId: number, { perennial, domain }: Shop): string {
  const { clientId, clientSecret } = perennial.simulator.simulator.app;
  const now = Math.floor(Date.now() / 1000);
  const claims = { dest: domain, aud: clientId, exp: now + 300, nbf: now - 1, iat: now - 1, jti: randomUUID(), sub: `gid://shopify/Customer/${customerId}` };
  return signSessionToken(claims, clientSecret);
}
