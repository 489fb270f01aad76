import type { AppConnection } from './ask-app.ts';
import { askUntilKnown } from './ask-until-known.ts';
import { readLoyalty } from './read-loyalty.ts';
import type { KnownLoyalty } from './read-loyalty.ts';

/** The surfaces of a signed-in customer, as the app knows their words. */
export type LoyaltySurface = 'loyalty-page' | 'profile' | 'checkout';

/** What the signed-in customer has; null where it is not to be had now. Never throws. */
export async function askLoyalty(
  app: AppConnection,
  asked: { surface: LoyaltySurface; locale: string; currency?: string },
): Promise<KnownLoyalty | null> {
  const outcome = await askUntilKnown(app, {
    path: `/api/shopper/loyalty?${new URLSearchParams(asked).toString()}`,
    read: (body) => ({ kind: 'known', value: readLoyalty(body) }),
  });
  return outcome.kind === 'known' ? outcome.value : null;
}
