import type { AppConnection } from './ask-app.ts';
import { askUntilKnown } from './ask-until-known.ts';
import { readLoyalty } from './read-loyalty.ts';
import type { KnownLoyalty } from './read-loyalty.ts';

/** What the signed-in customer has; null where it is not to be had now. Never throws. */
export async function askLoyalty(
  app: AppConnection,
  asked: { locale: string; currency?: string },
): Promise<KnownLoyalty | null> {
  const outcome = await askUntilKnown(app, {
    path: `/api/shopper/loyalty?${new URLSearchParams(asked).toString()}`,
    read: (body) => ({ kind: 'known', value: readLoyalty(body) }),
  });
  return outcome.kind === 'known' ? outcome.value : null;
}
