import type { NextOrderOfferGranted } from '../../../app/contracts/next-order-offer.ts';
import type { AppConnection } from '../../shopper-kit/src/ask-app.ts';
import { askUntilKnown } from '../../shopper-kit/src/ask-until-known.ts';
import type { Reading } from '../../shopper-kit/src/ask-until-known.ts';
import { isRecord } from '../../shopper-kit/src/is-record.ts';
import { readAmount, readNumberOrNull, readTextOrNull, readTexts } from '../../shopper-kit/src/read-fields.ts';
import type { KnownOffer } from './view-model.ts';

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
): Promise<KnownOffer | null> {
  let isPromised = false;
  const outcome = await askUntilKnown(app, {
    path: `/api/checkout/next-order-offer?${new URLSearchParams({ orderId, locale }).toString()}`,
    read: (body) => {
      if (isRecord(body)) onTexts(readTexts(body.texts));
      if (isRecord(body) && body.state === 'pending' && body.isPromised === true && !isPromised) {
        isPromised = true;
        onPromised();
      }
      return readOffer(body, app.nowMs());
    },
  });
  return outcome.kind === 'known' ? outcome.value : null;
}

/** Only what every version of the contract promises is asked for; a field that came later may be missing. */
function readOffer(body: unknown, nowMs: number): Reading<KnownOffer | null> {
  if (!isRecord(body)) return { kind: 'known', value: null };
  if (body.state === 'pending') return { kind: 'pending', retryAfterMs: body.retryAfterMs };
  const code = readTextOrNull(body.code);
  const endsAt = readTextOrNull(body.endsAt);
  if (endsAt === null) return { kind: 'known', value: null };
  const terms = { endsAt, minimumSubtotal: readAmount(body.minimumSubtotal), isPersonal: body.isPersonal === true };
  const percentBasisPoints = readNumberOrNull(body.percentBasisPoints);
  if (body.state === 'ready' && code !== null && percentBasisPoints !== null) {
    return { kind: 'known', value: { state: 'ready', code, percentBasisPoints, ...terms } };
  }
  const gives = body.state === 'granted' ? readGift(body.gives) : null;
  // Only store credit works without a code.
  if (gives === null || (code === null && gives.kind !== 'store-credit')) return { kind: 'known', value: null };
  const countsDown = body.countsDown === true;
  const countsDownToMs = countsDown ? endByOwnClock({ endsAt, asOf: body.asOf, nowMs }) : null;
  return { kind: 'known', value: { state: 'granted', gives, code, countsDown, countsDownToMs, ...terms } };
}

/** Null for a kind that came later than this extension. */
function readGift(value: unknown): NextOrderOfferGranted['gives'] | null {
  if (!isRecord(value)) return null;
  const amount = readAmount(value.amount);
  const percentBasisPoints = readNumberOrNull(value.percentBasisPoints);
  if (value.kind === 'percent' && percentBasisPoints !== null) return { kind: 'percent', percentBasisPoints };
  if ((value.kind === 'amount' || value.kind === 'store-credit') && amount !== null) return { kind: value.kind, amount };
  return value.kind === 'free-shipping' ? { kind: 'free-shipping' } : null;
}

/** Shopify's end on the buyer's clock: as far from now as it is from the instant at which the app answered. */
function endByOwnClock({ endsAt, asOf, nowMs }: { endsAt: string; asOf: unknown; nowMs: number }): number | null {
  const endMs = Date.parse(endsAt);
  const asOfMs = Date.parse(String(asOf));
  if (Number.isNaN(endMs)) return null;
  return Number.isNaN(asOfMs) ? endMs : nowMs + endMs - asOfMs;
}
