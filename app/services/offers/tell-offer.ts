import type { OfferOnRecord } from '#app/adapters/db/offers/asked-offer.server.ts';
import type { Amount } from '#app/contracts/amount.ts';
import type { NextOrderOffer, NextOrderOfferGranted } from '#app/contracts/next-order-offer.ts';
import { requireCurrencyExponent } from '#app/domain/money/currency.ts';
import { isFlashEnd } from '#app/domain/offers/plan-discount.ts';
import type { CodeGrant } from '#app/domain/offers/plan-discount.ts';
import { formatInstant } from '#app/domain/time/format-instant.ts';

/** On record, and on its way to Shopify: the worker looks for work several times a second. */
export const PROMISED: NextOrderOffer = { state: 'pending', retryAfterMs: 400, isPromised: true };

export function tellRecorded({ isHeldOut, code, credit }: OfferOnRecord, nowMs: number): NextOrderOffer {
  if (isHeldOut) return { state: 'none' };
  if (code !== null) return tellCode(code, nowMs);
  return credit === null ? { state: 'none' } : tellCredit(credit, nowMs);
}

export function tellCode({ state, code, plan }: NonNullable<OfferOnRecord['code']>, nowMs: number): NextOrderOffer {
  if (plan.endsAtMs < nowMs || state === 'failed') return { state: 'none' };
  if (state === 'intended') return PROMISED;
  const { grant, minimumSubtotalMinor, currency, endsAtMs } = plan;
  const terms = {
    code,
    minimumSubtotal: minimumSubtotalMinor === 0 ? null : amountOf(minimumSubtotalMinor, currency),
    endsAt: formatInstant(endsAtMs),
    isPersonal: plan.customerId !== null,
  };
  // Extensions that were published before there was anything else read this one alone.
  if (grant.kind === 'percent' && !isFlashEnd(endsAtMs)) return { state: 'ready', percentBasisPoints: grant.basisPoints, ...terms };
  return { state: 'granted', gives: givesOf(grant, currency), ...countdownOf(endsAtMs, nowMs), ...terms };
}

function tellCredit({ state, amountMinor, currency, endsAtMs }: NonNullable<OfferOnRecord['credit']>, nowMs: number): NextOrderOffer {
  if (endsAtMs < nowMs || state === 'failed') return { state: 'none' };
  if (state === 'intended') return PROMISED;
  return {
    state: 'granted',
    gives: { kind: 'store-credit', amount: amountOf(amountMinor, currency) },
    ...{ code: null, minimumSubtotal: null, endsAt: formatInstant(endsAtMs), isPersonal: true, ...countdownOf(endsAtMs, nowMs) },
  };
}

function countdownOf(endsAtMs: number, nowMs: number): Pick<NextOrderOfferGranted, 'countsDown' | 'asOf'> {
  return isFlashEnd(endsAtMs) ? { countsDown: true, asOf: formatInstant(nowMs) } : { countsDown: false };
}

function givesOf(grant: CodeGrant, currency: string): NextOrderOfferGranted['gives'] {
  switch (grant.kind) {
    case 'percent':
      return { kind: 'percent', percentBasisPoints: grant.basisPoints };
    case 'amount':
      return { kind: 'amount', amount: amountOf(grant.amountMinor, currency) };
    case 'free-shipping':
      return { kind: 'free-shipping' };
  }
}

function amountOf(amountMinor: number, currency: string): Amount {
  return { amountMinor, currency, decimals: requireCurrencyExponent(currency) };
}
