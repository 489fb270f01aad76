import type { NextOrderOfferReady } from '../../../app/contracts/next-order-offer.ts';
import type { AppConnection } from '../../shopper-kit/src/ask-app.ts';
import { askUntilKnown } from '../../shopper-kit/src/ask-until-known.ts';
import type { Reading } from '../../shopper-kit/src/ask-until-known.ts';
import { isRecord } from '../../shopper-kit/src/is-record.ts';
import { readAmount, readTexts } from '../../shopper-kit/src/read-fields.ts';

/** What a block asks for: the order, and the language that its words are in. */
export interface AskedOrder {
  orderId: string;
  locale: string;
}

/** A merchant's own texts, told before anything that they are for. */
export type TellTexts = (texts: Record<string, string>) => void;

/**
 * The offer of this order, or null: there is none, or nothing more is to be learnt. `onPromised` is told once, at the
 * first answer that says that a code comes. Never throws.
 */
export async function fetchOffer(
  app: AppConnection,
  { orderId, locale }: AskedOrder,
  { onPromised, onTexts }: { onPromised: () => void; onTexts: TellTexts },
): Promise<NextOrderOfferReady | null> {
  let isPromised = false;
  const outcome = await askUntilKnown(app, {
    path: `/api/checkout/next-order-offer?${new URLSearchParams({ orderId, locale }).toString()}`,
    read: (body) => {
      if (isRecord(body)) onTexts(readTexts(body.texts));
      if (isRecord(body) && body.state === 'pending' && body.isPromised === true && !isPromised) {
        isPromised = true;
        onPromised();
      }
      return readOffer(body);
    },
  });
  return outcome.kind === 'known' ? outcome.value : null;
}

/** Only what every version of the contract promises is asked for; a field that came later may be missing. */
function readOffer(body: unknown): Reading<NextOrderOfferReady | null> {
  if (!isRecord(body)) return { kind: 'known', value: null };
  if (body.state === 'pending') return { kind: 'pending', retryAfterMs: body.retryAfterMs };
  const { code, percentBasisPoints, endsAt } = body;
  const isWhole = typeof code === 'string' && code !== '' && typeof percentBasisPoints === 'number' && typeof endsAt === 'string';
  if (body.state !== 'ready' || !isWhole) return { kind: 'known', value: null };
  return {
    kind: 'known',
    value: {
      state: 'ready',
      code,
      percentBasisPoints,
      endsAt,
      minimumSubtotal: readAmount(body.minimumSubtotal),
      isPersonal: body.isPersonal === true,
    },
  };
}
