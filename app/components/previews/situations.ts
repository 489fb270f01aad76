import type { Surface } from '#app/domain/texts/surfaces.ts';

/** What a surface can be found in, so that each of its texts can be looked at. The first is the usual one. */
export const SITUATIONS = {
  'thank-you': ['member', 'guest-invite', 'guest-sign-in', 'waiting', 'amount-off', 'free-shipping', 'store-credit', 'flash'],
  checkout: ['open', 'applied', 'locked', 'signed-out'],
  'loyalty-page': ['member', 'new', 'paused', 'winding-down'],
  profile: ['member'],
  storefront: ['member', 'signed-out'],
} as const satisfies Record<Surface, readonly string[]>;

export type Situation = (typeof SITUATIONS)[Surface][number];
